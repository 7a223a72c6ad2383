package dev.connectionregistry.admin.replication.postgres.verify;

import static dev.connectionregistry.admin.postgres.TestDatabase.q;

import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.replication.verify.TableVerdict;
import dev.connectionregistry.admin.replication.verify.Verification;
import dev.connectionregistry.admin.replication.verify.Verification.VerifyObserver;
import dev.connectionregistry.admin.replication.verify.VerifyOptions;
import dev.connectionregistry.admin.replication.verify.VerifyReport;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.SecretRef;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** A database on two servers, whose target has settings of its own, and what compares them. Replication is the caller's to start. */
public final class VerifyServers implements AutoCloseable {
    static final VerifyOptions ALL = new VerifyOptions(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            OptionalInt.empty(),
            1,
            false,
            Duration.ZERO,
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ZERO,
            5);

    public final TestDatabase source;
    public final TestDatabase target;
    private boolean replicated;

    private VerifyServers(TestDatabase source, TestDatabase target) {
        this.source = source;
        this.target = target;
    }

    public static VerifyServers of(int sourceMajor, int targetMajor) throws SQLException {
        TestDatabase source = TestDatabase.named(sourceMajor, TestDatabase.plainName());
        TestDatabase target = TestDatabase.named(targetMajor, source.name);
        for (String setting : List.of(
                "DateStyle = 'German'",
                "TimeZone = 'Asia/Tokyo'",
                "IntervalStyle = iso_8601",
                "bytea_output = escape",
                "extra_float_digits = -5",
                "search_path = nowhere",
                "default_transaction_isolation = serializable")) {
            target.execute("ALTER DATABASE " + q(target.name) + " SET " + setting);
        }
        return new VerifyServers(source, target);
    }

    /** On both. */
    public VerifyServers execute(String... statements) throws SQLException {
        source.execute(statements);
        target.execute(statements);
        return this;
    }

    /** Lets the roles read, and services write, all that there is. */
    public VerifyServers grant(String... schemas) throws SQLException {
        for (TestDatabase each : List.of(source, target)) {
            for (String schema : schemas) {
                each.execute(
                        "GRANT USAGE ON SCHEMA " + schema + " TO " + q(each.admin) + ", " + q(each.service),
                        "GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + q(each.admin),
                        "GRANT ALL ON ALL TABLES IN SCHEMA " + schema + " TO " + q(each.service));
            }
        }
        return this;
    }

    public LogicalReplication replicate() throws SQLException {
        replicated = true;
        return LogicalReplication.start(source.server, target.server, source.name)
                .awaitInitialCopy(Duration.ofSeconds(60));
    }

    public ServerPair pair() {
        ConnectionSettings sourceSettings =
                ConnectionSettings.of(source.endpoint(), source.service, SecretRef.parse("env:NONE"));
        ConnectionSettings targetSettings = sourceSettings.withEndpoint(target.endpoint());
        return new ServerPair(
                new DatabaseName("orders"),
                1,
                sourceSettings,
                targetSettings,
                ServerLogin.of(sourceSettings),
                ServerLogin.of(targetSettings));
    }

    public VerifyReport verify(VerifyOptions options) {
        return verify(options, new SystemTiming(), doing -> {});
    }

    /** {@code doing} is told, on this thread, what goes on. */
    public VerifyReport verify(VerifyOptions options, SystemTiming timing, Consumer<String> doing) {
        return new Verification(
                        (pair, bound) -> PostgresVerification.open(
                                source.login(source.admin), target.login(target.admin), bound),
                        timing)
                .run(pair(), options, new VerifyObserver() {
                    @Override
                    public void begun(int tables, String waitedFor) {}

                    @Override
                    public void at(int place, String table, String what, Duration elapsed) {
                        doing.accept(what);
                    }

                    @Override
                    public void ended(int place, TableVerdict verdict) {}
                });
    }

    public static TableVerdict of(VerifyReport report, String table) {
        return report.tables().stream()
                .filter(each -> each.table().toString().equals(table))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no verdict on " + table + " in " + report.tables()));
    }

    @Override
    public void close() throws SQLException {
        if (replicated) {
            target.execute("DO $$BEGIN EXECUTE 'ALTER SUBSCRIPTION " + LogicalReplication.NAME + " ENABLE'; END$$");
            target.execute("DROP SUBSCRIPTION IF EXISTS " + LogicalReplication.NAME);
        }
    }
}
