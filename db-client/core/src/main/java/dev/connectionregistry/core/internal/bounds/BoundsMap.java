package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Tls;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts bounds to lists of texts, keyed by the builder method's name, as a report has them, and back. Pure. */
public final class BoundsMap {
    private BoundsMap() {}

    static Map<String, List<String>> of(
            List<EndpointPattern> endpoints,
            List<SecretPattern> secrets,
            Tls tls,
            boolean cleartextPasswords,
            Collection<String> driverProperties) {
        Map<String, List<String>> map = new LinkedHashMap<>();
        put(map, Bound.ENDPOINTS, endpoints);
        put(map, Bound.SECRETS, secrets);
        put(map, Bound.TLS, tls == Tls.DISABLE ? List.of() : List.of(tls));
        put(map, Bound.CLEARTEXT_PASSWORDS, cleartextPasswords ? List.of(true) : List.of());
        put(map, Bound.DRIVER_PROPERTIES, driverProperties);
        return map;
    }

    private static void put(Map<String, List<String>> map, Bound bound, Collection<?> values) {
        if (!values.isEmpty()) {
            map.put(bound.call(), values.stream().map(Object::toString).toList());
        }
    }

    /**
     * Reads bounds from a map, which may come from a newer release or from anybody: unknown names are ignored.
     *
     * @throws InvalidSettingsException if a known one can't be read
     */
    public static SettingsBounds read(Map<String, List<String>> map) {
        SettingsBounds bounds = SettingsBounds.DEFAULT;
        for (Bound bound : Bound.values()) {
            List<String> texts = map.getOrDefault(bound.call(), List.of());
            if (!texts.isEmpty()) {
                bounds = with(bounds, bound, texts);
            }
        }
        return bounds;
    }

    /** The bounds, extended by the values of one builder method or variable. */
    static SettingsBounds with(SettingsBounds bounds, Bound bound, List<String> texts) {
        return switch (bound) {
            case ENDPOINTS -> bounds.withEndpoints(texts);
            case SECRETS -> bounds.withSecrets(texts);
            case TLS -> bounds.withTls(Tls.parse(String.join(",", texts)));
            case CLEARTEXT_PASSWORDS -> cleartext(bounds, String.join(",", texts));
            case DRIVER_PROPERTIES -> bounds.withDriverProperties(texts);
        };
    }

    private static SettingsBounds cleartext(SettingsBounds bounds, String text) {
        return switch (text) {
            case "true" -> bounds.withCleartextPasswords();
            case "false" -> bounds;
            default ->
                throw new InvalidSettingsException(
                        "'" + text + "' is not allowed for passwords in clear text; write true or false");
        };
    }
}
