package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/**
 * A table, the operations that services and operators share, and the table's clock. Every call runs on another thread,
 * so that an interrupted caller returns at once. Thread-safe.
 */
final class RegistryTable implements AutoCloseable {
    private final DynamoDbClient client;
    private final String name;
    private final String place;
    private final DynamoDbErrors failures;
    private final InterruptibleCalls aside = new InterruptibleCalls("registry-call");
    /** Answers carry the time in whole seconds; smaller differences don't count. */
    private static final Duration NOTICEABLE = Duration.ofSeconds(3);

    /** How far the table's clock is ahead of ours; each thread that gets an answer writes it, the last one wins. */
    private volatile Duration ahead = Duration.ZERO;

    RegistryTable(DynamoDbClient client, String name) {
        this.client = client;
        this.name = TableLocation.of(name).table();
        DynamoDbServiceClientConfiguration configuration = client.serviceClientConfiguration();
        String region = configuration.region() == null
                ? "an unknown region"
                : configuration.region().id();
        String address = configuration
                .endpointOverride()
                .map(url -> " at " + withoutSecrets(url))
                .orElse("");
        this.place = "table " + name + " in " + region + address;
        this.failures = new DynamoDbErrors(name, region, address);
    }

    private static String withoutSecrets(URI url) {
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    DynamoDbClient client() {
        return client;
    }

    String name() {
        return name;
    }

    DynamoDbErrors failures() {
        return failures;
    }

    String describe() {
        return place;
    }

    /** Reads an item consistently; empty if it doesn't exist. */
    Map<String, AttributeValue> get(Map<String, AttributeValue> key) {
        GetItemResponse response = client.getItem(GetItemRequest.builder()
                .tableName(name)
                .key(key)
                .consistentRead(true)
                .build());
        observeClock(response);
        return response.hasItem() ? response.item() : Map.of();
    }

    /** Reads the current settings; never throws. */
    ReadResult read(DatabaseName database) {
        try {
            return aside.run(() -> readHere(database));
        } catch (RuntimeException e) {
            return new ReadResult.Unreadable(failures.translate("reading the settings of '" + database + "'", e));
        }
    }

    /** As {@link #read}, for code that already runs on another thread. */
    ReadResult readHere(DatabaseName database) {
        try {
            return Items.readResult(database, get(TableLayout.current(database)));
        } catch (RuntimeException e) {
            return new ReadResult.Unreadable(failures.translate("reading the settings of '" + database + "'", e));
        }
    }

    /** Runs {@code call}; any exception becomes a {@link RegistryException}. */
    <T> T call(String doing, Supplier<T> call) {
        try {
            return aside.run(call);
        } catch (RuntimeException e) {
            throw failures.translate(doing, e);
        }
    }

    /** Runs {@code calls}, at most {@code atOnce} at a time; exceptions are handled as in {@link #call}. */
    <T> List<T> callAll(String doing, List<Supplier<T>> calls, int atOnce) {
        try {
            return aside.runAll(calls, atOnce);
        } catch (RuntimeException e) {
            throw failures.translate(doing, e);
        }
    }

    /**
     * The time by the table's own clock, as far as answers have shown it. On both sides reports are dated and expire by
     * this clock: otherwise, if the clocks of an instance and an operator differ, live instances would count as silent,
     * and a move would not wait for them.
     */
    Instant now() {
        return toTable(Instant.now());
    }

    /** Converts a time on our clock to the table's clock. */
    Instant toTable(Instant ours) {
        return ours.plus(ahead);
    }

    /** Converts a time on the table's clock to our clock. */
    Instant fromTable(Instant theirs) {
        return theirs.minus(ahead);
    }

    /** Notes the time that an answer carries. */
    void observeClock(AwsResponse response) {
        Optional<String> date = response.sdkHttpResponse() == null
                ? Optional.empty()
                : response.sdkHttpResponse().firstMatchingHeader("Date");
        if (date.isPresent()) {
            try {
                Instant theirs = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get()));
                Duration difference = Duration.between(Instant.now(), theirs);
                ahead = difference.abs().compareTo(NOTICEABLE) < 0 ? Duration.ZERO : difference;
            } catch (DateTimeParseException e) {
                ahead = Duration.ZERO; // this answer has no readable time; use ours
            }
        }
    }

    /** Ends the threads that run calls; later calls fail. The client stays open. */
    @Override
    public void close() {
        aside.close();
    }
}
