package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.admin.settings.SettingsWriter;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * Restores a shortened poll interval, and changes nothing else: what others wrote meanwhile stays. It leaves an
 * interval alone that is no longer the temporary one, and any interval during a cutover. If the registry doesn't
 * answer, it keeps asking for a while.
 */
public final class IntervalRestorer {
    /** How long it asks a registry that doesn't answer. */
    static final Duration TRIES_FOR = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final RegistryAdministration registry;
    private final SettingsWriter writer;
    private final Authorship authorship;
    private final Timing timing;
    private final CommandText commands;

    /** Writes to {@code registry}. */
    @Inject
    public IntervalRestorer(
            RegistryAdministration registry,
            SettingsWriter writer,
            Authorship authorship,
            Timing timing,
            CommandText commands) {
        this.registry = registry;
        this.writer = writer;
        this.authorship = authorship;
        this.timing = timing;
        this.commands = commands;
    }

    /**
     * The result of restoring the interval.
     *
     * @param written the version that has the lasting interval; empty if there was nothing to restore, or it failed
     * @param current the newest settings seen; empty if none could be read
     * @param problem why it failed, and the command that does it by hand; empty if it didn't
     */
    public record Restored(
            Optional<VersionedSettings> written, Optional<VersionedSettings> current, Optional<String> problem) {}

    /**
     * Restores the lasting interval if {@code temporary} is still in force. Never throws because of the registry.
     *
     * @param reason why the interval was shortened, which goes into the history of this version, too; may be empty
     */
    public Restored restore(DatabaseName database, Polling temporary, String reason) {
        long start = timing.nanoTime();
        String problem;
        do {
            try {
                return settle(registry.read(database).answered().current(), temporary, reason);
            } catch (RegistryException e) {
                problem = String.valueOf(e.getMessage());
                if (!e.isPassing() && e.kind() != RegistryException.Kind.OUTCOME_UNKNOWN) {
                    break;
                }
            } catch (OperationException e) {
                problem = "others keep writing";
                if (e.reason() == OperationException.Reason.CUTOVER_UNDER_WAY) {
                    problem = String.valueOf(e.getMessage());
                    break;
                }
            }
        } while (timing.pause(PAUSE)
                && Duration.ofNanos(timing.nanoTime() - start).compareTo(TRIES_FOR) < 0);
        return new Restored(Optional.empty(), Optional.empty(), Optional.of(problem));
    }

    private Restored settle(Optional<VersionedSettings> read, Polling temporary, String reason) {
        if (read.filter(now -> now.settings().polling().equals(temporary)).isEmpty()) {
            return new Restored(Optional.empty(), read, Optional.empty());
        }
        VersionedSettings current = read.get();
        if (current.transition().isPresent()) {
            return new Restored(Optional.empty(), Optional.of(current), Optional.of(underWay(current)));
        }
        writer.requireFree(current);
        VersionedSettings next =
                current.next(current.settings().withPolling(temporary.restored()), authorship.sign(because(reason)));
        writer.write(current, next);
        return new Restored(Optional.of(next), Optional.of(current), Optional.empty());
    }

    private static String underWay(VersionedSettings current) {
        return current.transition().orElseThrow() + " is under way since version " + current.version() + " (by "
                + current.change().by() + "), and nothing else may write until it has ended";
    }

    private static String because(String reason) {
        String here = "poll interval back to normal";
        return reason.isEmpty() ? here : reason + " (" + here + ")";
    }

    /** The command that restores the interval in place of {@code temporary} by hand. */
    public String byHand(DatabaseName database, Polling temporary) {
        return commands.command("set-interval " + database + " " + Durations.text(temporary.lasting()));
    }
}
