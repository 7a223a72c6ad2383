package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SourceSubscription;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The time between a cutover and {@code reverse}: the services are on the source, which still has the subscription that
 * led to it from the target. What would otherwise look like a half-finished start is then the way back, and no advice
 * may end it. Pure.
 */
final class AfterCutover {
    private final ReplicationFacts facts;
    private final ReplicationNames names;
    private final ServerPair pair;
    private final CommandText commands;

    AfterCutover(ReplicationFacts facts, ReplicationNames names, ServerPair pair, CommandText commands) {
        this.facts = facts;
        this.names = names;
        this.pair = pair;
        this.commands = commands;
    }

    /** Whether it is that time; it isn't once {@code reverse} has made the target's subscription. */
    boolean is() {
        return wayHere().isPresent() && facts.subscriptions().stream().noneMatch(each -> names.isOurs(each.name()));
    }

    /**
     * Whether {@code slot}, of the source, is the one from which {@code reverse} continues, or may be for a server
     * other than the target.
     */
    boolean isWayBack(SlotFacts slot) {
        return names.wayBack().contains(slot.name())
                && facts.sourceSubscriptions().stream().anyMatch(each -> names.isOurs(each.name()));
    }

    /** Whether {@code slot}, of the target, is the one from which the source got its rows. */
    boolean ledHere(SlotFacts slot) {
        return is() && facts.sourceSubscriptions().stream().anyMatch(reads(slot));
    }

    private Predicate<SourceSubscription> reads(SlotFacts slot) {
        return each -> names.isOurs(each.name()) && each.slot().equals(slot.name());
    }

    /**
     * Our subscription on the source that reads from the target, disabled or not: another server's slots have other
     * readers.
     */
    private Optional<SourceSubscription> wayHere() {
        return facts.sourceSubscriptions().stream()
                .filter(each -> facts.targetSlots().stream()
                        .anyMatch(slot -> reads(slot).test(each)))
                .findFirst();
    }

    /** What is missing then, and the command for it. */
    Problem problem() {
        List<SlotFacts> back = facts.slots().stream().filter(this::isWayBack).toList();
        if (back.isEmpty()) {
            return Problem.withWords(
                    true,
                    moved() + ", and the source has no slot " + quoted(names.namedWayBack()) + " for the way back",
                    "if the cutover made one under another name: " + reverse() + " --reverse-slot NAME; else going back"
                            + " would lose what was written since");
        }
        SlotFacts slot = back.get(0);
        return slot.walStatus().equals("lost") ? lost(slot) : waiting(slot);
    }

    private Problem waiting(SlotFacts slot) {
        return Problem.withCommand(
                true,
                moved() + "; slot " + quoted(slot.name()) + " on the source is the way back, and keeps "
                        + ByteSize.text(slot.retained().orElse(0)) + " of log until the target reads it",
                reverse());
    }

    private Problem lost(SlotFacts slot) {
        return Problem.withWords(
                true,
                moved() + "; slot " + quoted(slot.name())
                        + " on the source was the way back, and has lost the log that it needs; that log can't be"
                        + " recovered",
                "without a loss there is only a new copy: replication stop, empty the tables on the target, then"
                        + " replication plan and start");
    }

    private String moved() {
        return "a cutover has moved the services from the target to the source, which the target doesn't follow yet";
    }

    /** The command that compares the rows of the two servers. */
    String verify() {
        return commands.command("replication verify " + arguments());
    }

    private String reverse() {
        return commands.command("replication reverse " + arguments());
    }

    private String arguments() {
        return pair.database() + " --target " + ShellWord.of(pair.target().endpoint()) + pair.adminWords();
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
