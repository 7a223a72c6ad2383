package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.fleet.FleetMember;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Everyone is connected to the source. */
final class EndpointCheck implements FleetCheck {
    @Override
    public About about() {
        return new About(
                "fleet-endpoint", Group.FLEET, "No fence keeps an instance from writing that is on a third server.");
    }

    @Override
    public Finding judge(FleetView view) {
        if (view.fleet().live().isEmpty()) {
            return view.nobody();
        }
        String source = view.pair().sourceSettings().endpoint().toString();
        List<FleetMember> elsewhere = view.fleet().live().stream()
                .filter(member -> !member.report().endpoint().isEmpty())
                .filter(member -> !member.report().endpoint().equals(source))
                .toList();
        if (elsewhere.isEmpty()) {
            return Finding.pass("every live instance is on " + source);
        }
        Optional<String> error = elsewhere.get(0).report().lastError();
        return Finding.fail(
                elsewhere.size() + " not on " + source + ": "
                        + elsewhere.stream()
                                .limit(5)
                                .map(member ->
                                        member.name() + " on " + member.report().endpoint())
                                .collect(Collectors.joining(", "))
                        + error.map(text -> "; the first says: " + text).orElse(""),
                Remedy.command("status " + view.pair().database()),
                Remedy.advice("wait until they follow the settings, or restart them"));
    }
}
