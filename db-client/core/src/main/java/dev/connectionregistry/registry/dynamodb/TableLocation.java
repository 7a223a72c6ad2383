package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the registry's table is. Values that are left empty are found the way every AWS program finds them:
 * {@code AWS_REGION}, {@code AWS_PROFILE}, {@code AWS_ENDPOINT_URL_DYNAMODB}, the shared configuration files.
 *
 * @param table 3 to 255 characters of a-z, A-Z, 0-9, {@code _}, {@code .} and {@code -}
 * @param region such as {@code eu-west-1}
 * @param endpointUrl where DynamoDB answers, if not at the region's own address; for local servers and private
 *     endpoints
 * @param profile a profile in the shared AWS configuration files
 */
public record TableLocation(
        String table, Optional<String> region, Optional<URI> endpointUrl, Optional<String> profile) {
    /** The default name of the table. */
    public static final String DEFAULT_TABLE = "connection-registry";

    /** The environment variable that names another table. */
    public static final String TABLE_VARIABLE = "REGISTRY_TABLE";

    private static final Pattern TABLE_NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{1,62}");

    /**
     * Checks all four values.
     *
     * @throws InvalidSettingsException naming each value that isn't allowed
     */
    public TableLocation {
        Problems problems = new Problems();
        problems.require(
                TABLE_NAME.matcher(table).matches(),
                "table name '" + table
                        + "' is not allowed; use 3 to 255 characters of a-z, A-Z, 0-9, '_', '.' and '-'");
        region.ifPresent(name -> problems.require(
                REGION.matcher(name).matches(),
                "region '" + name + "' is not a region's name; write one such as eu-west-1"));
        endpointUrl.ifPresent(url -> checkEndpoint(url, problems));
        profile.ifPresent(name -> problems.require(
                !name.isBlank() && name.chars().noneMatch(Character::isISOControl),
                "profile '" + name + "' is not a profile's name"));
        problems.throwIfAny();
    }

    private static void checkEndpoint(URI url, Problems problems) {
        String scheme = String.valueOf(url.getScheme());
        problems.require(
                (scheme.equals("http") || scheme.equals("https")) && url.getHost() != null,
                "endpoint URL is not of the form http://HOST:PORT or https://HOST");
        problems.require(
                url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null,
                "endpoint URL has a user, a query or a fragment (not repeated here); write http://HOST:PORT only");
    }

    /** The table with this name; the SDK finds everything else. */
    public static TableLocation of(String table) {
        return new TableLocation(table, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The table named by {@code REGISTRY_TABLE}, or the default table. The SDK determines region, endpoint and profile
     * from its own variables.
     *
     * @throws InvalidSettingsException if the name isn't allowed
     */
    public static TableLocation fromEnvironment(Map<String, String> environment) {
        String table = environment.getOrDefault(TABLE_VARIABLE, "");
        return of(table.isBlank() ? DEFAULT_TABLE : table.strip());
    }

    public TableLocation withTable(String name) {
        return new TableLocation(name, region, endpointUrl, profile);
    }

    public TableLocation withRegion(String name) {
        return new TableLocation(table, Optional.of(name), endpointUrl, profile);
    }

    /**
     * The same table at this address.
     *
     * @throws InvalidSettingsException if {@code url} isn't an endpoint URL
     */
    public TableLocation withEndpointUrl(String url) {
        try {
            return new TableLocation(table, region, Optional.of(new URI(url)), profile);
        } catch (URISyntaxException e) {
            throw new InvalidSettingsException("endpoint URL is not of the form http://HOST:PORT or https://HOST");
        }
    }

    /** Uses the credentials and the region of this profile. */
    public TableLocation withProfile(String name) {
        return new TableLocation(table, region, endpointUrl, Optional.of(name));
    }
}
