package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.TriggerStates;
import dev.connectionregistry.admin.postgres.TriggerStates.Trigger;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** No trigger of the target fires while changes are applied. */
final class TargetTriggersCheck implements ServerCheck {
    @Override
    public About about() {
        return new About(
                "target-triggers", Group.SCHEMA, "A trigger that fires also for replicated rows does its work twice.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<Trigger> firing = servers.target().call(TriggerStates::firingForReplicatedRows);
        List<Trigger> aside = new ArrayList<>(servers.source().call(TriggerStates::firingForReplicatedRows));
        aside.removeIf(each -> each.internal() || firing.contains(each));
        return judge(firing, aside);
    }

    /** {@code aside} are those of the source that fire for replicated rows there, and on the target don't. */
    static Finding judge(List<Trigger> firing, List<Trigger> aside) {
        List<Remedy> remedies = new ArrayList<>();
        firing.forEach(each -> remedies.add(Remedy.onTarget(each.aside())));
        Stream.concat(firing.stream(), aside.stream())
                .forEach(each -> remedies.add(Remedy.advice("after the cutover, on the target: " + each.back())));
        if (firing.isEmpty()) {
            return new Finding(
                    Outcome.PASS,
                    aside.isEmpty() ? "none" : "set aside while the target follows: " + NameLists.some(aside),
                    remedies);
        }
        remedies.add(Remedy.advice(
                "before the copy; services' writes fire the same triggers as before all the same. Leave out"
                        + " only what has to fire for replicated rows too"));
        return Finding.warn("they fire for every row that is copied or applied: " + NameLists.some(firing), remedies);
    }
}
