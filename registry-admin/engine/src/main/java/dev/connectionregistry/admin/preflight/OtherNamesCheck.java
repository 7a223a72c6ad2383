package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.OtherNames;
import java.util.List;
import java.util.stream.Collectors;

/** No other name of the registry is on the Postgres database that will be fenced. */
final class OtherNamesCheck implements FleetCheck {
    @Override
    public About about() {
        return new About(
                "other-names",
                Group.FLEET,
                "The fence is around a whole Postgres database: under another name services would go on writing into it.");
    }

    @Override
    public Finding judge(FleetView view) {
        if (!view.othersProblem().isEmpty()) {
            return Finding.unknown(view.othersProblem());
        }
        List<OtherNames.Shared> others = view.others();
        String source = view.pair().sourceSettings().endpoint().toString();
        if (others.isEmpty()) {
            return Finding.pass("no other name of the registry is on " + source);
        }
        return Finding.fail(
                Plural.of(others.size(), "other name is", "other names are")
                        + " on the same Postgres database: "
                        + others.stream().map(OtherNames.Shared::toString).collect(Collectors.joining(", "))
                        + "; behind the fence of '" + view.pair().database()
                        + "' every write of theirs would fail (SQLState 25006)",
                Remedy.advice(
                        "names can't be cut over together yet: move the others to a Postgres database of their own"
                                + " first, or remove those that nobody uses"));
    }
}
