package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.registry.InstanceReport;
import java.util.List;

/** Everyone's client knows cutovers. */
final class ProtocolCheck implements FleetCheck {
    @Override
    public About about() {
        return new About("fleet-protocol", Group.FLEET, "A client from before cutovers doesn't hold its callers.");
    }

    @Override
    public Finding judge(FleetView view) {
        if (view.fleet().live().isEmpty()) {
            return view.nobody();
        }
        List<FleetMember> old = view.fleet().live().stream()
                .filter(member -> member.report().protocol() < InstanceReport.CUTOVER_PROTOCOL)
                .toList();
        return old.isEmpty()
                ? Finding.pass("every live instance knows cutovers")
                : Finding.fail(
                        old.size() + " run a db-client that knows no cutovers (such as "
                                + old.get(0).report().clientVersion() + "): " + FleetView.names(old),
                        Remedy.advice("deploy them with a newer db-client, or leave them out with --without"));
    }
}
