package dev.connectionregistry.admin.cli.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.replication.Sequences.SequencePair;
import dev.connectionregistry.admin.replication.postgres.PostgresReplicationView;
import dev.connectionregistry.admin.replication.postgres.PostgresSequencePair;
import dev.connectionregistry.admin.replication.postgres.reason.PostgresFailureReasons;
import dev.connectionregistry.admin.replication.postgres.verify.PostgresVerification;
import dev.connectionregistry.admin.replication.status.ReplicationView;
import dev.connectionregistry.admin.replication.verify.TableSide;

/** Binds what reads two Postgres servers without changing them (except sequences, if requested). */
final class CheckModule extends AbstractModule {
    @Provides
    TableSide.Opener tables(Logins logins) {
        return (pair, bound) -> PostgresVerification.open(logins.of(pair.source()), logins.of(pair.target()), bound);
    }

    @Provides
    SequencePair.Opener sequences(Logins logins) {
        return (pair, bound) -> PostgresSequencePair.open(logins.of(pair.source()), logins.of(pair.target()), bound);
    }

    @Provides
    ReplicationView.Opener views(Logins logins) {
        return (pair, bound) -> PostgresReplicationView.open(logins.of(pair.source()), logins.of(pair.target()), bound);
    }

    @Provides
    FailureReasons.Opener reasons(Logins logins) {
        return (pair, bound) -> PostgresFailureReasons.open(logins.of(pair.source()), logins.of(pair.target()), bound);
    }
}
