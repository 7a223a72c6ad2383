package dev.connectionregistry.junit;

import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes versions of one database, and waits until every live instance has followed. For one thread. */
final class Fleet {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final RegistryAdministration registry;
    private final DatabaseName database;
    private final Duration timeout;
    private final Duration holdBudget;

    /**
     * The instances that use {@code database}.
     *
     * @param timeout how long they may take to follow
     * @param holdBudget how long their connections may take to be returned
     */
    Fleet(RegistryAdministration registry, DatabaseName database, Duration timeout, Duration holdBudget) {
        this.registry = registry;
        this.database = database;
        this.timeout = timeout;
        this.holdBudget = holdBudget;
    }

    VersionedSettings current() {
        return registry.read(database)
                .answered()
                .current()
                .orElseThrow(() -> new AssertionError("'" + database + "' is not in the registry"));
    }

    /** The live instances. */
    List<InstanceReport> live() {
        Instant now = Instant.now();
        return registry.fleet(database).stream()
                .filter(report -> report.state() != InstanceState.STOPPED && !report.isSilentAt(now))
                .toList();
    }

    void move(ConnectionSettings settings) throws InterruptedException {
        requireSomebody();
        awaitMoved(write(current().next(settings, change("move"))));
    }

    /**
     * Waits for the move itself: an instance that has only read the version still serves from its pool of an earlier
     * one.
     */
    private void awaitMoved(VersionedSettings moved) throws InterruptedException {
        await(
                "serve from " + moved.settings().endpoint(),
                moved,
                report -> serves(report) && report.version() >= moved.version(),
                timeout);
    }

    /**
     * A cutover as the service sees it: PREPARE, HOLD for {@code hold}, and then {@code after} for all instances at
     * once.
     *
     * @param target the settings that instances open standby pools for
     */
    void hold(ConnectionSettings target, Duration hold, ConnectionSettings after) throws InterruptedException {
        requireSomebody();
        requireHolding();
        VersionedSettings before = current();
        String id =
                "test-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Transition prepare = new Transition(id, Transition.Phase.PREPARE, target, hold.plus(holdBudget));
        boolean held = false;
        try {
            VersionedSettings prepared = write(before.nextIn(prepare, change("prepare")));
            await("be ready for " + target.endpoint(), prepared, Fleet::isReady, timeout);
            VersionedSettings holding = write(prepared.nextIn(prepare.in(Transition.Phase.HOLD), change("hold")));
            await("hold (all connections returned, no new ones)", holding, Fleet::isHeld, holdBudget);
            Thread.sleep(hold.toMillis());
            held = true;
        } finally {
            VersionedSettings released =
                    write(current().next(held ? after : before.settings(), change(held ? "switch" : "undo")));
            if (held && after.equals(target)) {
                awaitMoved(released);
            } else if (held) {
                await("serve after the hold", released, Fleet::serves, timeout);
            }
        }
    }

    private static boolean serves(InstanceReport report) {
        return report.state() == InstanceState.ACTIVE && report.problem().isEmpty();
    }

    private static boolean isReady(InstanceReport report) {
        return report.state() == InstanceState.READY;
    }

    private static boolean isHeld(InstanceReport report) {
        return report.state() == InstanceState.HELD;
    }

    private static Change change(String what) {
        return new Change("db-client-junit", Instant.now(), what);
    }

    private VersionedSettings write(VersionedSettings next) {
        WriteResult result = registry.write(next);
        if (result instanceof WriteResult.Written) {
            return next;
        }
        throw new AssertionError(
                "version " + next.version() + " of '" + database + "' could not be written: " + result);
    }

    private void requireSomebody() {
        if (live().isEmpty()) {
            throw new AssertionError("no live instance uses '" + database
                    + "': start the service with RegistryExtension.registry() before you move or hold it");
        }
    }

    private void requireHolding() {
        live().stream()
                .filter(report -> report.protocol() < InstanceReport.CUTOVER_PROTOCOL)
                .findFirst()
                .ifPresent(plain -> {
                    throw new AssertionError(plain.name() + " is a plain member: it moves, but can't hold its callers");
                });
    }

    /** Waits until every live instance has read the version and is in the wanted state. */
    private void await(String what, VersionedSettings version, Predicate<InstanceReport> there, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            List<InstanceReport> live = live();
            List<InstanceReport> missing = live.stream()
                    .filter(report -> report.acknowledgedVersion() < version.version() || !there.test(report))
                    .toList();
            if (missing.isEmpty() && !live.isEmpty()) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the service did not " + what + " within " + limit.toMillis() + " ms: "
                        + (live.isEmpty()
                                ? "no live instance is left"
                                : missing.stream().map(Fleet::describe).collect(Collectors.joining("; "))));
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private static String describe(InstanceReport report) {
        return report.name() + " is " + report.state() + ", has read version " + report.acknowledgedVersion() + ", "
                + report.pool().active() + " connections in use"
                + report.lastError().map(error -> ", last error: " + error).orElse("");
    }
}
