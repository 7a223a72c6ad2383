package dev.connectionregistry.core.internal.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.ServerRole;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HostChoiceTest {
    private static final Endpoint THREE = Endpoint.parse("a:1,b:1,c:1/orders");

    private final AtomicLong nanos = new AtomicLong();
    private final HostChoice choice = new HostChoice(nanos::get);
    /** What each host is: a primary or a standby; one that isn't there lets nobody in. */
    private final Map<String, Boolean> standbys = new HashMap<>();

    private final List<String> tried = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    private String open(Endpoint endpoint, ServerRole role) throws SQLException {
        tried.clear();
        closed.clear();
        return choice.open(endpoint, role, new HostChoice.Logins<String>() {
            @Override
            public String open(Endpoint host, int hostsLeft) throws SQLException {
                tried.add(host.host());
                assertThat(hostsLeft).isEqualTo(endpoint.hosts().size() - tried.size() + 1);
                Boolean standby = standbys.get(host.host());
                if (standby == null) {
                    throw new SQLException(host + " is not there", "08001");
                }
                if (standby && role == ServerRole.PRIMARY) {
                    throw new SQLException(host + " is a standby", "25006");
                }
                return host.host();
            }

            @Override
            public boolean isStandby(String session) {
                return Boolean.TRUE.equals(standbys.get(session));
            }

            @Override
            public void close(String session) {
                closed.add(session);
            }
        });
    }

    private void are(String what) {
        standbys.clear();
        for (String each : what.split(" ", -1)) {
            standbys.put(each.substring(0, 1), each.endsWith("standby"));
        }
    }

    @Test
    void aPrimaryIsLookedForInOrderAndThenTriedFirst() throws SQLException {
        are("a:standby b:primary c:standby");
        assertThat(open(THREE, ServerRole.PRIMARY)).isEqualTo("b");
        assertThat(tried).containsExactly("a", "b");
        assertThat(open(THREE, ServerRole.PRIMARY)).isEqualTo("b");
        assertThat(tried).containsExactly("b");
    }

    @Test
    void aFailoverIsNoticedByTheNextLoginWhateverWasSeenBefore() throws SQLException {
        are("a:primary b:standby c:standby");
        assertThat(open(THREE, ServerRole.PRIMARY)).isEqualTo("a");
        are("b:standby c:primary");
        assertThat(open(THREE, ServerRole.PRIMARY)).isEqualTo("c");
        assertThat(tried).containsExactly("a", "b", "c");
        are("a:standby b:standby c:primary");
        assertThat(open(THREE, ServerRole.PRIMARY)).isEqualTo("c");
        are("a:primary b:standby c:standby");
        assertThat(open(THREE, ServerRole.PRIMARY)).isEqualTo("a");
    }

    @Test
    void aHostOutOfReachIsTriedLastForTenSeconds() throws SQLException {
        are("b:standby c:standby");
        assertThat(open(THREE, ServerRole.ANY)).isEqualTo("b");
        assertThat(tried).containsExactly("a", "b");
        are("a:standby b:standby c:standby");
        assertThat(open(THREE, ServerRole.ANY)).isEqualTo("b");
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(open(THREE, ServerRole.ANY)).isEqualTo("a");
    }

    @Test
    void aHostThatLetsSomebodyInAgainCountsAsReachableAtOnce() throws SQLException {
        are("b:standby");
        assertThat(open(THREE, ServerRole.ANY)).isEqualTo("b");
        are("a:standby");
        assertThat(open(THREE, ServerRole.ANY)).isEqualTo("a");
        are("a:standby b:standby");
        assertThat(open(THREE, ServerRole.ANY)).isEqualTo("a");
    }

    @Test
    void aStandbyIsPreferredAndAPrimaryTakenIfThereIsNone() throws SQLException {
        are("a:primary b:standby c:standby");
        assertThat(open(THREE, ServerRole.PREFER_STANDBY)).isEqualTo("b");
        assertThat(closed).containsExactly("a");
        assertThat(open(THREE, ServerRole.PREFER_STANDBY)).isEqualTo("b");
        assertThat(tried).as("a is known to be a primary").containsExactly("b");
        are("a:primary");
        assertThat(open(THREE, ServerRole.PREFER_STANDBY)).isEqualTo("a");
        assertThat(tried).containsExactly("b", "c", "a");
        assertThat(closed).isEmpty();
        assertThat(open(THREE, ServerRole.PREFER_STANDBY)).isEqualTo("a");
        assertThat(tried).as("nobody waits again for those out of reach").containsExactly("a");
    }

    @Test
    void theFailureSaysWhatEachHostSays() {
        are("a:standby c:standby");
        assertThatThrownBy(() -> open(THREE, ServerRole.PRIMARY))
                .isInstanceOfSatisfying(SQLException.class, e -> {
                    assertThat(e.getSQLState())
                            .as("of the one that may be the primary")
                            .isEqualTo("08001");
                    assertThat(e.getSuppressed()).hasSize(2);
                })
                .hasMessage("no host of a:1,b:1,c:1/orders can be used as a primary: a:1/orders is a standby;"
                        + " b:1/orders is not there; c:1/orders is a standby");
        are("a:standby b:standby c:standby");
        assertThatThrownBy(() -> open(THREE, ServerRole.PRIMARY))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
    }

    @Test
    void theOnlyHostIsTakenAsItIsAndItsFailureStaysAsItIs() throws SQLException {
        Endpoint one = Endpoint.parse("a:1/orders");
        are("a:primary");
        assertThat(open(one, ServerRole.PREFER_STANDBY)).isEqualTo("a");
        standbys.clear();
        assertThatThrownBy(() -> open(one, ServerRole.ANY)).hasMessage("a:1/orders is not there");
    }
}
