package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Converts whole items to the registry's values, and back. */
final class Items {
    private Items() {}

    /** The result of reading the current item; DynamoDB returns an empty map if it doesn't exist. */
    static ReadResult readResult(DatabaseName database, Map<String, AttributeValue> item) {
        if (item.isEmpty()) {
            return new ReadResult.Absent(Optional.empty());
        }
        try {
            return SettingsCodec.readResult(database, Attributes.toDocument(item));
        } catch (InvalidSettingsException e) {
            return new ReadResult.Malformed(Optional.empty(), Printable.line(String.valueOf(e.getMessage())));
        }
    }

    /**
     * Reads the version in a history item.
     *
     * @throws InvalidSettingsException if the item isn't a version
     */
    static VersionedSettings pastVersion(Map<String, AttributeValue> item) {
        return SettingsCodec.versioned(Attributes.toDocument(item));
    }

    /**
     * Checks that an item's content matches its key: a client that may write one key must not speak for another.
     *
     * @throws InvalidSettingsException if it doesn't match
     */
    static void requireKey(Map<String, AttributeValue> item, Map<String, AttributeValue> expected, String who) {
        if (!expected.entrySet().stream().allMatch(key -> key.getValue().equals(item.get(key.getKey())))) {
            throw new InvalidSettingsException("its content belongs to " + who + ", which has another key");
        }
    }

    /** An item's text on one line; empty if there is none. */
    static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : Printable.line(value.s());
    }

    /** The item of a version, with its key. */
    static Map<String, AttributeValue> item(
            VersionedSettings settings, Map<String, AttributeValue> key, String writeId) {
        Map<String, AttributeValue> item = Attributes.toItem(SettingsCodec.toDocument(settings));
        item.putAll(key);
        item.put(TableLayout.WRITE_ID, AttributeValue.fromS(writeId));
        return item;
    }

    /** Whether the write with that id wrote {@code item}. */
    static boolean isWrittenBy(String writeId, Map<String, AttributeValue> item) {
        AttributeValue written = item.get(TableLayout.WRITE_ID);
        return written != null && writeId.equals(written.s());
    }

    /** The report that was replaced; empty if there was none that can be read. */
    static Optional<InstanceReport> replacedReport(Map<String, AttributeValue> item) {
        try {
            return item.isEmpty() ? Optional.empty() : Optional.of(ReportCodec.report(Attributes.toDocument(item)));
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }

    static Map<String, AttributeValue> item(InstanceReport report, int partition, long expiresAtEpochSecond) {
        Map<String, AttributeValue> item = Attributes.toItem(ReportCodec.toDocument(report));
        item.putAll(TableLayout.report(report, partition));
        item.put(TableLayout.EXPIRES_AT, AttributeValue.fromN(Long.toString(expiresAtEpochSecond)));
        return item;
    }
}
