package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetEvents;
import java.util.Optional;

/** Everyone is heard of, and follows the table. */
final class AliveCheck implements FleetCheck {
    @Override
    public About about() {
        return new About(
                "fleet-alive", Group.FLEET, "An instance that isn't heard of can't be shown to have stopped writing.");
    }

    @Override
    public Finding judge(FleetView view) {
        Optional<String> ahead = FleetEvents.ahead(view.fleet());
        if (!view.fleet().silent().isEmpty()) {
            return Finding.fail(
                    view.fleet().silent().size() + " not heard of lately: "
                            + FleetView.names(view.fleet().silent()),
                    Remedy.advice(
                            "make sure that they are gone (their reports expire), or bring them back; a cutover can"
                                    + " leave one out with --without"),
                    Remedy.command("status " + view.pair().database()));
        }
        if (!view.fleet().failing().isEmpty()) {
            return Finding.fail(
                    view.fleet().failing().size() + " can't open connections: "
                            + FleetView.names(view.fleet().failing()) + "; the first says: "
                            + view.fleet()
                                    .failing()
                                    .get(0)
                                    .report()
                                    .problem()
                                    .orElseThrow()
                                    .cause(),
                    Remedy.advice("see to the server or to what these instances log in with"),
                    Remedy.command("status " + view.pair().database()));
        }
        if (!view.fleet().unreadable().isEmpty()) {
            return Finding.warn(
                    Plural.of(view.fleet().unreadable().size(), "unreadable report")
                            + ", which may be of live instances",
                    Remedy.command("status " + view.pair().database()));
        }
        if (ahead.isPresent()) {
            return Finding.fail(ahead.get(), Remedy.advice(FleetEvents.AHEAD_ADVICE));
        }
        return view.fleet().live().isEmpty()
                ? Finding.warn(
                        "nobody uses '" + view.pair().database() + "' now: no live instance has a report",
                        Remedy.command("status " + view.pair().database() + " --all"))
                : Finding.pass(Plural.of(view.fleet().live().size(), "instance is", "instances are") + " heard of");
    }
}
