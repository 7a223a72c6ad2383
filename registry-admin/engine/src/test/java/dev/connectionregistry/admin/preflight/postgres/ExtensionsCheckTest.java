package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.SchemaChecks.Extensions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExtensionsCheckTest {
    @Test
    void warnsOfAnotherVersionAndUpdatesOnlyWhereThereIsANewerOne() {
        Finding finding = SchemaChecks.extensions(new Extensions(
                Map.of("a", "1.1", "b", "2"), Map.of("a", "1.0", "b", "3"), Map.of("a", "1.1", "b", "3")));
        assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
        assertThat(finding.remedies()).contains(Remedy.onTarget("ALTER EXTENSION \"a\" UPDATE;"));
        assertThat(finding.remedies()).hasSize(2);
    }

    @Test
    void asksForThePackageWhereTheServerHasNone() {
        Finding finding = SchemaChecks.extensions(new Extensions(Map.of("a", "1"), Map.of(), Map.of()));
        assertThat(finding.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(finding.remedies().get(0).place()).isEqualTo(Remedy.Place.ADVICE);
    }
}
