package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SameServerTest {
    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isOneForTwoRolesThatSeeNothingOfEachOther(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (Session one = Session.open(database.login(database.service), "one", BOUND);
                Session other = Session.open(database.login(database.admin), "other", BOUND)) {
            assertThat(SameServer.sameDatabase(one, other, BOUND)).isTrue();
            assertThat(SameServer.sameDatabase(other, one, BOUND)).isTrue();
            assertThat(database.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                    .as("nothing stays")
                    .containsExactly("0");
        }
    }

    @Test
    void isNotOneForTwoDatabasesOrTwoServers() throws Exception {
        TestDatabase one = TestDatabase.on(17);
        TestDatabase beside = TestDatabase.on(17);
        TestDatabase elsewhere = TestDatabase.named(18, one.name);
        try (Session first = Session.open(one.login(one.admin), "one", BOUND);
                Session second = Session.open(beside.login(beside.admin), "two", BOUND);
                Session third = Session.open(elsewhere.login(elsewhere.admin), "three", BOUND)) {
            assertThat(SameServer.sameDatabase(first, second, BOUND)).isFalse();
            assertThat(SameServer.sameDatabase(first, third, BOUND)).isFalse();
        }
    }
}
