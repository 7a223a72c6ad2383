package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Side;
import java.time.Duration;
import java.util.Set;

/**
 * What checks of the servers know besides what the servers tell them. Immutable.
 *
 * @param pair the two servers
 * @param fleetSessions the names of the live instances' sessions ({@code application_name})
 * @param registrySessions the same for the live instances of every name of the registry
 * @param fleetConnections how many connections the live instances' pools may have together
 * @param otherFleets what those other names need on the target that would move with this one from the same server
 * @param longTransaction a transaction on the source that is older than this is worth a warning
 */
public record Subject(
        ServerPair pair,
        Set<String> fleetSessions,
        Set<String> registrySessions,
        int fleetConnections,
        OtherFleets otherFleets,
        Duration longTransaction) {
    /**
     * What the live instances of other names have together.
     *
     * @param instances how many there are
     * @param connections how many connections their pools may have
     */
    public record OtherFleets(int instances, int connections) {
        /** There are no other names. */
        public static final OtherFleets NONE = new OtherFleets(0, 0);
    }

    public Subject {
        fleetSessions = Set.copyOf(fleetSessions);
        registrySessions = Set.copyOf(registrySessions);
    }

    /** Who logs in to the source. */
    public Access source() {
        return new Access(
                Side.SOURCE,
                pair.source().endpoint(),
                pair.source().username(),
                pair.sourceSettings().username());
    }

    /** Who logs in to the target. */
    public Access target() {
        return new Access(
                Side.TARGET,
                pair.target().endpoint(),
                pair.target().username(),
                pair.targetSettings().username());
    }

    public Access on(Side side) {
        return side == Side.SOURCE ? source() : target();
    }

    /** {@code replication plan orders --target db2:5432/orders --file orders-replication-plan.yaml}. */
    public Remedy plan() {
        return replication("plan", " --file " + file());
    }

    /** {@code replication start orders --target db2:5432/orders --plan orders-replication-plan.yaml}: what plan wrote. */
    public Remedy start() {
        return replication("start", " --plan " + file());
    }

    /** {@code replication verify orders --target db2:5432/orders}. */
    public Remedy verify() {
        return replication("verify", "");
    }

    /** {@code replication stop orders --target db2:5432/orders}. */
    public Remedy stop() {
        return replication("stop", "");
    }

    /** Where plan writes to by default. */
    private String file() {
        return Remedy.word(pair.database() + "-replication-plan.yaml");
    }

    private Remedy replication(String what, String options) {
        return Remedy.command("replication " + what + " " + pair.database() + " --target "
                + Remedy.word(pair.target().endpoint()) + options + pair.adminWords());
    }
}
