package dev.connectionregistry.admin.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.settings.DatabaseName;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplicationNamesTest {
    private static final PostgresIdentity PRODUCTION =
            new PostgresIdentity("7300000000000000001", "orders", 11, "11.22");
    private static final PostgresIdentity PRODUCTION_NEW =
            new PostgresIdentity("7300000000000000002", "orders", 18, "18.1");
    private static final PostgresIdentity STAGING = new PostgresIdentity("7300000000000000003", "orders", 11, "11.22");

    private static ReplicationNames orders() {
        return ReplicationNames.of(new DatabaseName("orders"));
    }

    private static ReplicationNames between(String database) {
        return ReplicationNames.of(new DatabaseName(database)).between(PRODUCTION, PRODUCTION_NEW);
    }

    @Test
    void areThoseOfTheDatabaseAndOfBothServersInEitherDirection() {
        ReplicationNames names = orders().between(PRODUCTION, PRODUCTION_NEW);
        assertThat(names.main()).matches("registry_orders_p[0-9a-f]{10}");
        assertThat(names.slice(1, 12)).isEqualTo(names.main() + "_t1_s12");
        assertThat(orders().between(PRODUCTION_NEW, PRODUCTION).main()).isEqualTo(names.main());
        assertThat(orders().between(STAGING, PRODUCTION_NEW).main()).isNotEqualTo(names.main());
    }

    @Test
    void fitIntoASlotAndAreNobodyElses() {
        Set<String> names = Stream.of("a-b", "a.b", "a_b", "a".repeat(63), "a".repeat(62))
                .map(ReplicationNamesTest::between)
                .map(each -> each.slice(999, 255))
                .collect(Collectors.toSet());
        assertThat(names).hasSize(5).allMatch(name -> name.matches("[a-z0-9_]{1,63}"));
    }

    @Test
    void differWhereTheHashCodesOfTwoLongNamesAreTheSame() {
        String one = "x".repeat(50) + "ak";
        String other = "x".repeat(50) + "c-";
        assertThat(one).hasSameHashCodeAs(other);
        assertThat(between(one).main()).isNotEqualTo(between(other).main());
    }

    @Test
    void recogniseTheirOwnAndThoseOfEarlierVersions() {
        ReplicationNames names = orders().between(PRODUCTION, PRODUCTION_NEW);
        ReplicationNames others = orders().between(STAGING, PRODUCTION_NEW);
        assertThat(List.of("registry_orders", "registry_orders_t0_s3", names.main(), names.slice(0, 3)))
                .allMatch(names::isOurs);
        assertThat(List.of("registry_orders_archive", others.main(), others.slice(0, 3)))
                .noneMatch(names::isOurs);
        assertThat(names.isOurs(
                        ReplicationNames.of(new DatabaseName("orders_t0_s3")).earlier()))
                .as("another database with such a name")
                .isFalse();
        assertThat(orders().isOurs(names.main())).as("of any pair").isTrue();
        assertThat(orders().isOurs(others.slice(0, 3))).isTrue();
        assertThat(orders().isOurs("registry_orders_archive")).isFalse();
        String like = "orders" + names.main().substring("registry_orders".length());
        assertThat(orders().isOurs(ReplicationNames.of(new DatabaseName(like)).family()))
                .as("a database that is called like a pair")
                .isFalse();
    }

    @Test
    void goOnWithThoseOfAnEarlierVersionWhereItBegan() {
        List<String> none = List.of();
        List<String> earlier = List.of("registry_orders");
        assertThat(orders().between(PRODUCTION, PRODUCTION_NEW, earlier, none, none)
                        .main())
                .isEqualTo("registry_orders");
        assertThat(orders().between(PRODUCTION, PRODUCTION_NEW, none, earlier, earlier)
                        .main())
                .isEqualTo("registry_orders");
        assertThat(orders().between(PRODUCTION, PRODUCTION_NEW, none, earlier, none)
                        .main())
                .as("what another target has begun")
                .startsWith("registry_orders_p");
    }
}
