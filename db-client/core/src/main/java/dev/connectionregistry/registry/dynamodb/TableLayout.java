package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.settings.DatabaseName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table's keys and its own attributes. The only place that knows their names. */
final class TableLayout {
    static final String PK = "pk";
    static final String SK = "sk";
    static final String EXPIRES_AT = "expiresAt";
    static final String WRITE_ID = "writeId";
    static final Set<String> OWN_ATTRIBUTES = Set.of(PK, SK, EXPIRES_AT, WRITE_ID);

    static final String SETTINGS = "settings#";
    static final String HISTORY = "history#";
    static final String FLEET = "fleet#";
    static final String CUTOVER = "cutover#";
    static final String CURRENT = "current";
    static final String LOCK = "lock";
    static final String RUN = "run#";
    static final String INSTANCE = "instance#";
    static final String VERSION = "v#";

    /** A key that no database can have, for trying rights. */
    static final String ACCESS_CHECK = "-access-check";

    private TableLayout() {}

    static Map<String, AttributeValue> current(DatabaseName database) {
        return key(SETTINGS + database, CURRENT);
    }

    static Map<String, AttributeValue> history(DatabaseName database, long version) {
        return key(HISTORY + database, VERSION + String.format(Locale.ROOT, "%012d", version));
    }

    static Map<String, AttributeValue> lock(DatabaseName database) {
        return key(CUTOVER + database, LOCK);
    }

    static Map<String, AttributeValue> run(DatabaseName database, String runId) {
        return key(CUTOVER + database, RUN + runId);
    }

    /** The key of an instance's report in the first partition. */
    static Map<String, AttributeValue> report(InstanceReport report) {
        return report(report, 0);
    }

    static Map<String, AttributeValue> report(InstanceReport report, int partition) {
        return key(fleet(report.database(), partition), INSTANCE + escaped(report.service()) + "#" + report.instance());
    }

    /** The partition key of reports. The first partition, 0, has the key of releases that know only one. */
    static String fleet(DatabaseName database, int partition) {
        return FLEET + database + (partition == 0 ? "" : "#" + partition);
    }

    /** Which of {@code partitions} partitions an instance reports in. The same in every release. */
    static int partition(InstanceReport report, int partitions) {
        CRC32 hash = new CRC32();
        hash.update(report.name().getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % partitions);
    }

    /** Escapes '#', so that no two pairs of service and instance share a key. */
    private static String escaped(String service) {
        return service.replace("%", "%25").replace("#", "%23");
    }

    static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of(PK, AttributeValue.fromS(pk), SK, AttributeValue.fromS(sk));
    }
}
