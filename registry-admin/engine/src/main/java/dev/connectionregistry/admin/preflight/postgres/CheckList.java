package dev.connectionregistry.admin.preflight.postgres;

import static dev.connectionregistry.admin.preflight.Group.ACTIVITY;
import static dev.connectionregistry.admin.preflight.Group.DATA;
import static dev.connectionregistry.admin.preflight.Group.REPLICATION;
import static dev.connectionregistry.admin.preflight.Group.RIGHTS;
import static dev.connectionregistry.admin.preflight.Group.SCHEMA;
import static dev.connectionregistry.admin.preflight.Group.SERVERS;
import static dev.connectionregistry.admin.preflight.Group.SETTINGS;

import dev.connectionregistry.admin.postgres.Decoding;
import dev.connectionregistry.admin.postgres.Unfenced;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.Side;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every check of the two servers, in the order in which they are made. A new check gets an entry here: what it needs,
 * what it asks, and how that is judged. Question and judgement are in the class of its group.
 */
final class CheckList {
    /** The logins first: without them there are no others. */
    private static final List<Check<Servers>> OF_SERVERS = List.of(
            check(SERVERS, About.login(Side.SOURCE))
                    .because("Whatever is done on the source begins with a login.")
                    .asks(servers -> servers.source().identity())
                    .judges((identity, subject) -> ServersChecks.login(identity, subject.source())),
            check(SERVERS, About.login(Side.TARGET))
                    .because("Whatever is done on the target begins with a login.")
                    .asks(servers -> servers.target().identity())
                    .judges((identity, subject) -> ServersChecks.login(identity, subject.target())),
            check(SERVERS, "versions")
                    .because("A move needs two databases, and logical replication between majors that both know it.")
                    .leftToCutover()
                    .asks(ServersChecks.Identities::read)
                    .judges(ServersChecks::versions),
            check(SERVERS, "source-writable")
                    .because("Replication and the fence begin on a primary; a fence that is up already belongs to"
                            + " somebody.")
                    .asks(servers -> ServersChecks.Writability.read(servers.source()))
                    .judges((writability, subject) -> ServersChecks.writable(writability, subject.source())),
            check(SERVERS, "target-writable")
                    .because("Services write to the target as soon as they are there; the fence of an earlier cutover"
                            + " would refuse that.")
                    .leftToCutover()
                    .asks(servers -> ServersChecks.Writability.read(servers.target()))
                    .judges((writability, subject) -> ServersChecks.writable(writability, subject.target())),
            check(SERVERS, "hosts")
                    .because(
                            "Of an endpoint with several hosts, services take the one that is the primary; a host of another"
                                    + " cluster would be taken for it.")
                    .asks(servers -> servers.both(HostsCheck.Hosts::read))
                    .judges(HostsCheck::judge),
            check(SERVERS, "target-tls")
                    .because("A server that needn't prove its name could be any server, yet it gets the password and"
                            + " the data.")
                    .asks(servers -> servers.target().identity())
                    .judges(ServersChecks::tls),
            check(SERVERS, "source-connections")
                    .because(
                            "A source without a free connection lets in neither the cutover nor the proof of its fence.")
                    .needs(Needs::sessionsOfOthers)
                    .asks(servers -> ConnectionRoom.read(servers.source(), servers.subject()))
                    .judges(ConnectionRoom::onSource),
            check(SERVERS, "target-connections")
                    .because(
                            "While the fleet moves, every instance has a pool on both servers and listens on the target;"
                                    + " one that finds no connection stops the move.")
                    .asks(servers -> ConnectionRoom.read(servers.target(), servers.subject()))
                    .judges(ConnectionRoom::onTarget));

    private static final List<Check<Servers>> OF_RIGHTS = List.of(
            check(RIGHTS, "fence-rights")
                    .because("The fence is a setting of the database, and it ends the sessions of everybody else.")
                    .leftToCutover()
                    .asks(OperatorRights.FenceRights::read)
                    .judges(OperatorRights::fence),
            check(RIGHTS, "large-object-writes")
                    .because("Before Postgres 16 a read-only transaction can still change large objects; the read-only"
                            + " fence has to prevent it.")
                    .asks(OperatorRights::largeObjectWriters)
                    .judges(OperatorRights::largeObjectWrites),
            check(RIGHTS, "sequence-rights")
                    .because("The cutover sets the sequences of the target from those of the source, while callers"
                            + " wait.")
                    .asks(ReadingRights.Closed::sequences)
                    .judges(ReadingRights::sequences),
            check(RIGHTS, "table-rights")
                    .because("Copying, counting and comparing read every table, on both servers.")
                    .asks(servers -> servers.both(ReadingRights.Closed::tables))
                    .judges(ReadingRights::tables),
            check(RIGHTS, "row-security")
                    .because("Policies silently hide rows from a copy, and a subscription that they bind fails every"
                            + " time.")
                    .asks(ReadingRights.Policies::read)
                    .judges(ReadingRights::policies),
            check(RIGHTS, "slot-rights")
                    .because("Replication begins with a slot on the source.")
                    .leftToCutover()
                    .asks(OperatorRights.SlotRights::read)
                    .judges(OperatorRights::slot),
            check(RIGHTS, "publication-rights")
                    .because("Only its owner may publish a table.")
                    .leftToCutover()
                    .needs(Needs::replicationToBeSetUp)
                    .asks(OperatorRights.PublicationRights::read)
                    .judges(OperatorRights::publication),
            check(RIGHTS, "subscription-rights")
                    .because("Up to Postgres 15 only a superuser may; from 16 on a role that was given the right.")
                    .leftToCutover()
                    .asks(OperatorRights.SubscriptionRights::read)
                    .judges(OperatorRights::subscription),
            check(RIGHTS, "service-role")
                    .because("Roles belong to a server, not to a database; nothing copies them.")
                    .asks(ServiceRights.ServiceRole::read)
                    .judges(ServiceRights::role),
            check(RIGHTS, "service-password")
                    .because("A password belongs to a server; a wrong one shows only when every instance is refused.")
                    .asks(ServiceRights::logins)
                    .judges(ServiceRights::password),
            check(RIGHTS, "service-grants")
                    .because("Grants are forgotten easily, and show only when the first service is refused.")
                    .asks(ServiceRights.ServiceGrants::read)
                    .judges(ServiceRights::grants),
            check(RIGHTS, "other-grants")
                    .because("Reports, jobs and people have rights of their own, which nothing copies.")
                    .asks(ServiceRights.OtherGrants::read)
                    .judges(ServiceRights::otherGrants));

    private static final List<Check<Servers>> OF_SETTINGS = List.of(
            check(SETTINGS, "encoding")
                    .because("A character that the target cannot store stops replication.")
                    .asks(servers -> servers.both(server -> server.text(SettingChecks.ENCODING)))
                    .judges(SettingChecks::encoding),
            check(SETTINGS, "collation")
                    .because("A different collation sorts differently, and compares differently in unique indexes and"
                            + " in ranges.")
                    .asks(servers -> servers.both(server -> server.text(SettingChecks.LOCALE)))
                    .judges(SettingChecks::collation),
            check(SETTINGS, "collation-version")
                    .because("An index that was built under another version of a collation misses rows.")
                    .asks(servers -> servers.both(SettingChecks::refreshes))
                    .judges(SettingChecks::collationVersion),
            check(SETTINGS, "server-settings")
                    .because("A setting that was forgotten changes results, limits or timeouts after the move.")
                    .asks(ServerSettings::read)
                    .judges(ServerSettings::judge),
            check(SETTINGS, "database-settings")
                    .because("What ALTER DATABASE and ALTER ROLE set does not come along by itself.")
                    .asks(DatabaseSettings::read)
                    .judges(settings -> settings.judge()),
            check(SETTINGS, "copy-timeouts")
                    .because("A timeout ends the copy of a large table each time, and only a server's log says why.")
                    .asks(SettingChecks.CopyTimeouts::read)
                    .judges(SettingChecks::copyTimeouts),
            check(SETTINGS, "preload-libraries")
                    .because("An extension or a policy that lives in a preloaded library is silently missing.")
                    .needs(Needs::allSettings)
                    .asks(servers -> servers.both(server -> server.map(SettingChecks.LIBRARIES)))
                    .judges(facts -> SettingChecks.libraries(facts)));

    private static final List<Check<Servers>> OF_SCHEMA = List.of(
            check(SCHEMA, "schema")
                    .because("Replication copies rows, never tables; what is missing on the target stops it, or is"
                            + " missed later.")
                    .leftToCutover()
                    .asks(servers -> servers.both(SchemaChecks::definitions))
                    .judges(SchemaChecks::schema),
            check(SCHEMA, "extensions")
                    .because("Types, functions and index methods of an extension come with the extension only.")
                    .asks(SchemaChecks.Extensions::read)
                    .judges(SchemaChecks::extensions),
            check(SCHEMA, "invalid-indexes")
                    .because("An index that is invalid costs every write and helps no query; a unique one may not even"
                            + " be unique.")
                    .asks(servers -> servers.both(SchemaChecks.InvalidIndex::read))
                    .judges(SchemaChecks::invalidIndexes),
            check(SCHEMA, "unlogged-tables")
                    .because("Changes of unlogged tables are not in the log, so they are not replicated: their rows"
                            + " stay behind.")
                    .asks(servers -> servers.source().texts(SchemaChecks.UNLOGGED))
                    .judges(SchemaChecks::unlogged),
            check(SCHEMA, "target-triggers")
                    .because("A trigger that fires also for replicated rows does its work twice.")
                    .asks(servers -> servers.both(SchemaChecks::triggers))
                    .judges(facts -> SchemaChecks.triggers(facts)),
            check(SCHEMA, "search-path")
                    .because("Rows are copied and applied without a search path: a function that needs one fails, and"
                            + " only the target's log says so.")
                    .asks(SearchPath::read)
                    .judges(SearchPath::judge),
            check(SCHEMA, "materialized-views")
                    .because("What a materialized view holds is not replicated: it is empty, or as old as its last"
                            + " refresh.")
                    .asks(servers -> servers.both(server -> server.map(SchemaChecks.MATERIALIZED_VIEWS)))
                    .judges(SchemaChecks::materializedViews));

    private static final List<Check<Servers>> OF_DATA = List.of(
            check(DATA, "large-objects")
                    .because("Large objects are not replicated; only a dump carries them.")
                    .asks(servers -> servers.both(DataChecks.LargeObjects::read))
                    .judges(DataChecks::largeObjects),
            check(DATA, "sequences-end")
                    .because("A sequence, or the integer column that it fills, that runs out stops every insert;"
                            + " better fixed before the move.")
                    .asks(SequencesEnd::read)
                    .judges(sequences -> sequences.judge()),
            check(DATA, "wraparound")
                    .because("Copying and a slot that lags keep old rows from being frozen; a server that runs out of"
                            + " numbers stops taking writes.")
                    .asks(DataChecks.Age::read)
                    .judges(DataChecks::wraparound),
            check(DATA, "statistics")
                    .because("Without statistics the first minutes after the switch run with the worst plans.")
                    .asks(DataChecks.Statistics::read)
                    .judges(DataChecks::statistics),
            check(DATA, "backfill")
                    .because("Rows that a person copies must be on the target before the switch: later, deleted rows"
                            + " would come back.")
                    .needs(Needs::replication)
                    .asks(DataChecks.Backfill::read)
                    .judges(DataChecks::backfill));

    private static final List<Check<Servers>> OF_REPLICATION = List.of(
            check(REPLICATION, "wal-level")
                    .because("Only a log with wal_level = logical (from Postgres 19 on also replica) can be replicated"
                            + " from.")
                    .asks(servers -> servers.source().map(Decoding.SETTINGS))
                    .judges((settings, subject) -> ReplicationChecks.walLevel(settings, subject.source())),
            check(REPLICATION, "wal-level-target")
                    .because("The way back replicates from the target; changing its wal_level later takes a restart.")
                    .asks(servers -> servers.target().map(Decoding.SETTINGS))
                    .judges((settings, subject) -> ReplicationChecks.walLevel(settings, subject.target())),
            check(REPLICATION, "replication-slots")
                    .because("Each subscription takes a slot of the source, and one more for each table that is being"
                            + " copied.")
                    .needs(Needs::replicationToBeSetUp)
                    .asks(servers -> ReplicationChecks.sourceRoom(servers, "max_replication_slots"))
                    .judges((rooms, subject) -> ReplicationChecks.room(rooms, subject.source())),
            check(REPLICATION, "wal-senders")
                    .because("Each subscription takes a sender of the source, and one more for each table that is"
                            + " being copied.")
                    .needs(Needs::replicationToBeSetUp)
                    .asks(servers -> ReplicationChecks.sourceRoom(servers, "max_wal_senders"))
                    .judges((rooms, subject) -> ReplicationChecks.room(rooms, subject.source())),
            check(REPLICATION, "subscription-workers")
                    .because("A subscription without a worker does nothing, and only the log says so.")
                    .needs(Needs::replicationToBeSetUp)
                    .asks(ReplicationChecks::targetRoom)
                    .judges((rooms, subject) -> ReplicationChecks.room(rooms, subject.target())),
            check(REPLICATION, "replica-identity")
                    .because("Without a primary key or a replica identity, updates and deletes of a published table"
                            + " are refused.")
                    .asks(ReplicaIdentity::read)
                    .judges(identity -> identity.judge()),
            check(REPLICATION, "subscription")
                    .because("After the switch the target lacks what it does not follow, or follows on another server.")
                    .leftToCutover()
                    .asks(SubscriptionState::read)
                    .judges(SubscriptionState::judge),
            check(REPLICATION, "publication")
                    .because("A table that was added after the start is not published by itself, and its rows are"
                            + " forgotten.")
                    .needs(Needs::replication)
                    .asks(PublishedTables::read)
                    .judges(PublishedTables::judge),
            check(REPLICATION, "replication-lag")
                    .because("What the target lacks at the hold is what callers wait for; what a slot keeps fills the"
                            + " disk.")
                    .leftToCutover()
                    .needs(Needs::replication)
                    .asks(ReplicationChecks.Slot::read)
                    .judges(ReplicationChecks::lag),
            check(REPLICATION, "row-counts")
                    .because("Rows that were written while a slot was dropped and made again never arrive, and no"
                            + " other figure shows it.")
                    .leftToCutover()
                    .needs(Needs::provenReplication)
                    .asks(ReplicationChecks::gaps)
                    .judges(ReplicationChecks::rowCounts),
            check(REPLICATION, "other-slots")
                    .because("Standbys and readers of changes do not move along: they go on reading a server that"
                            + " nothing is written to.")
                    .asks(ReplicationChecks.OtherSlot::read)
                    .judges(ReplicationChecks::otherSlots));

    private static final List<Check<Servers>> OF_ACTIVITY = List.of(
            check(ACTIVITY, "prepared-transactions")
                    .because("A prepared transaction commits behind the fence; the cutover refuses while there is one.")
                    .leftToCutover()
                    .asks(servers -> servers.source().map(Unfenced.PREPARED))
                    .judges(ActivityChecks::prepared),
            check(ACTIVITY, "long-transactions")
                    .because("A slot is made only when every older transaction of the server has ended, and the hold"
                            + " waits for them.")
                    .needs(Needs::sessionsOfOthers)
                    .asks(ActivityChecks.OpenTransaction::read)
                    .judges(ActivityChecks::longTransactions),
            check(ACTIVITY, "foreign-sessions")
                    .because("A session without db-client is cut off by the fence and does not follow to the target.")
                    .needs(Needs::sessionsOfOthers)
                    .asks(servers -> servers.source()
                            .texts(ActivityChecks.FOREIGN, servers.subject().registrySessions()))
                    .judges(ActivityChecks::foreign),
            check(ACTIVITY, "replication-sessions")
                    .because("A replication session of the database can execute SQL as well; the fence ends all that"
                            + " don't feed the target.")
                    .needs(Needs::sessionsOfOthers)
                    .asks(servers -> servers.source()
                            .texts(ActivityChecks.WALSENDERS, servers.feeds().slots()))
                    .judges(ActivityChecks::walsenders),
            check(ACTIVITY, "source-workers")
                    .because("A subscription of the source, or a scheduler in it, goes on writing behind the fence;"
                            + " the cutover refuses while one is at work.")
                    .leftToCutover()
                    .needs(Needs::sessionsOfOthers)
                    .asks(ActivityChecks.Writers::read)
                    .judges(ActivityChecks::writers));

    static final List<Check<Servers>> ALL = Stream.of(
                    OF_SERVERS, OF_RIGHTS, OF_SETTINGS, OF_SCHEMA, OF_DATA, OF_REPLICATION, OF_ACTIVITY)
            .flatMap(List::stream)
            .toList();

    private CheckList() {}

    private static Check.Draft<Servers, Subject> check(Group group, String name) {
        return Check.draft(group, name, Servers::subject);
    }
}
