package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.fleet.InstanceBounds;
import java.util.List;

/** Nobody's owner forbids what the target's settings say. */
final class BoundsCheck implements FleetCheck {
    @Override
    public About about() {
        return new About(
                "fleet-bounds",
                Group.FLEET,
                "An instance rejects settings that its owner doesn't allow, and stays on the source.");
    }

    @Override
    public Finding judge(FleetView view) {
        if (view.fleet().live().isEmpty()) {
            return view.nobody();
        }
        List<String> refusals =
                InstanceBounds.refusals(view.fleet(), view.pair().targetSettings());
        return refusals.isEmpty()
                ? Finding.pass("every live instance may take the target's settings")
                : Finding.fail(
                        String.join("; ", refusals),
                        Remedy.advice("deploy the services with bounds that allow it, or choose settings within them;"
                                + " a cutover can leave one out with --without"));
    }
}
