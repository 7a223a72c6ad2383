package dev.connectionregistry.admin.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.DatabaseName;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplicationNamesTest {
    @Test
    void areThoseOfTheDatabase() {
        ReplicationNames names = ReplicationNames.of(new DatabaseName("orders"));
        assertThat(names.main()).isEqualTo("registry_orders");
        assertThat(names.slice(1, 12)).isEqualTo("registry_orders_t1_s12");
    }

    @Test
    void fitIntoASlotAndAreNobodyElses() {
        Set<String> names = Stream.of("a-b", "a.b", "a_b", "a".repeat(63), "a".repeat(62))
                .map(DatabaseName::new)
                .map(ReplicationNames::of)
                .map(each -> each.slice(99, 255))
                .collect(Collectors.toSet());
        assertThat(names).hasSize(5).allMatch(name -> name.matches("[a-z0-9_]{1,63}"));
    }

    @Test
    void recogniseTheirOwn() {
        ReplicationNames names = ReplicationNames.of(new DatabaseName("orders"));
        assertThat(names.isOurs("registry_orders")).isTrue();
        assertThat(names.isOurs("registry_orders_t0_s3")).isTrue();
        assertThat(names.isOurs("registry_orders_archive")).isFalse();
        assertThat(names.isOurs(
                        ReplicationNames.of(new DatabaseName("orders_t0_s3")).main()))
                .as("another database with such a name")
                .isFalse();
    }
}
