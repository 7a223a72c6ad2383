package dev.connectionregistry.core.internal.signal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AnnouncementTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final ConnectionSettings SOURCE =
            ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW"));
    private static final ConnectionSettings TARGET =
            ConnectionSettings.of(Endpoint.parse("db2:5432/orders"), "app", SecretRef.parse("env:PW"));
    private static final Transition TO_TARGET =
            new Transition("c-1", Transition.Phase.PREPARE, TARGET, Duration.ofSeconds(5));

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anAnnouncementIsProvenByItsOwnCommitmentOnly(Kind kind) {
        CommittedSecret secret = CommittedSecret.random();
        Announcement announcement = new Announcement(kind, 7, secret);
        assertThat(proven(announcement, secret.commitTo(ORDERS, "c-1", kind, 7)))
                .isTrue();
        assertThat(proven(announcement, secret.commitTo(ORDERS, "c-1", kind, 8)))
                .as("another version")
                .isFalse();
        assertThat(proven(announcement, secret.commitTo(ORDERS, "c-2", kind, 7)))
                .as("another run")
                .isFalse();
        assertThat(proven(announcement, secret.commitTo(new DatabaseName("billing"), "c-1", kind, 7)))
                .as("another database")
                .isFalse();
        assertThat(proven(announcement, CommittedSecret.random().commitTo(ORDERS, "c-1", kind, 7)))
                .as("another secret")
                .isFalse();
    }

    private static boolean proven(Announcement announcement, Commitment commitment) {
        return announcement.isProvenBy(ORDERS, TO_TARGET.committedTo(List.of(commitment)));
    }

    @Test
    void aSecretForOneKindProvesNoOther() {
        CommittedSecret secret = CommittedSecret.random();
        Transition transition = TO_TARGET.committedTo(List.of(secret.commitTo(ORDERS, "c-1", Kind.UNDO, 7)));
        assertThat(new Announcement(Kind.SWITCH, 7, secret).isProvenBy(ORDERS, transition))
                .isFalse();
        Commitment forged = new Commitment(
                Kind.SWITCH, 7, secret.commitTo(ORDERS, "c-1", Kind.UNDO, 7).digest());
        assertThat(proven(new Announcement(Kind.SWITCH, 7, secret), forged)).isFalse();
    }

    @Test
    void aNotificationIsReadBackAndNothingElseIs() {
        Announcement announcement = new Announcement(Kind.HOLD, Long.MAX_VALUE, CommittedSecret.random());
        assertThat(Announcement.parse(announcement.text()).map(Announcement::text))
                .contains(announcement.text());
        assertThat(announcement.toString()).doesNotContain(announcement.secret().reveal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "heartbeat",
                "hold 7",
                "hold 7 short",
                "hold 0 0123456789012345678901234567890123456789012",
                "hold 9999999999999999999 0123456789012345678901234567890123456789012",
                "hold -7 0123456789012345678901234567890123456789012",
                "prepare 7 0123456789012345678901234567890123456789012",
                "hold 7 0123456789012345678901234567890123456789012 ",
                "hold 7 012345678901234567890123456789012345678901/",
            })
    void otherTextsAreNoAnnouncements(String text) {
        assertThat(Announcement.parse(text)).isEmpty();
    }

    @Test
    void heldDigestsDifferInEachThingTheyAreBoundTo() {
        CommittedSecret secret = CommittedSecret.random();
        Set<String> digests = new HashSet<>(List.of(
                secret.heldDigest(ORDERS, "c-1", "shop/a", "i-1", 8),
                secret.heldDigest(ORDERS, "c-2", "shop/a", "i-1", 8),
                secret.heldDigest(ORDERS, "c-1", "shop/b", "i-1", 8),
                secret.heldDigest(ORDERS, "c-1", "shop/a", "i-2", 8),
                secret.heldDigest(ORDERS, "c-1", "shop/a", "i-1", 9),
                secret.heldDigest(ORDERS, "c-1", "shop/ai", "-1", 9),
                secret.heldDigest(new DatabaseName("billing"), "c-1", "shop/a", "i-1", 8)));
        assertThat(digests).hasSize(7).allMatch(digest -> digest.length() == Commitment.DIGEST_LENGTH);
    }

    @Test
    void aHeldSignalFitsIntoTheNameOfASession() {
        CommittedSecret secret = CommittedSecret.random();
        String digest = secret.heldDigest(ORDERS, "c-1", "shop/a", "i-1", 8);
        String name = HeldSignal.applicationName(secret, digest);
        assertThat(name).hasSizeLessThanOrEqualTo(63);
        assertThat(HeldSignal.parse(name)).hasValueSatisfying(held -> {
            assertThat(held.secret().reveal()).isEqualTo(secret.reveal());
            assertThat(digest).startsWith(held.start());
            assertThat(held.toString()).doesNotContain(secret.reveal());
        });
        assertThat(HeldSignal.parse("checkout/7f9c")).isEmpty();
        assertThat(HeldSignal.parse(HeldSignal.prefix())).isEmpty();
        assertThat(HeldSignal.parse(HeldSignal.prefix() + "x")).isEmpty();
        assertThat(HeldSignal.parse(name.substring(1))).isEmpty();
        assertThat(HeldSignal.parse(name.substring(0, 62))).isEmpty();
    }

    @Test
    void whatIsAnnouncedIsWhatALaterReadFinds() {
        ConnectionSettings quick = SOURCE.withPolling(Polling.every(Duration.ofSeconds(1)));
        CommittedSecret secret = CommittedSecret.random();
        Transition prepare = TO_TARGET.committedTo(List.of(
                secret.commitTo(ORDERS, "c-1", Kind.UNDO, 10),
                secret.commitTo(ORDERS, "c-1", Kind.HOLD, 9),
                secret.commitTo(ORDERS, "c-1", Kind.SWITCH, 10)));
        assertThat(read(9, AnnouncedContent.of(Kind.HOLD, 9, quick, prepare)))
                .isEqualTo(AnnouncedContent.of(Kind.HOLD, 9, quick, prepare))
                .extracting(content -> content.transition().orElseThrow().commitments())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(read(10, AnnouncedContent.of(Kind.SWITCH, 10, quick, prepare)))
                .isEqualTo(new AnnouncedContent(TARGET.withPolling(quick.polling()), Optional.empty()));
        assertThat(read(10, AnnouncedContent.of(Kind.UNDO, 10, quick, prepare)))
                .isEqualTo(new AnnouncedContent(quick, Optional.empty()));
    }

    private static AnnouncedContent read(long version, AnnouncedContent content) {
        VersionedSettings found = SettingsCodec.versioned(SettingsCodec.toDocument(new VersionedSettings(
                ORDERS,
                version,
                content.settings(),
                new Change("op", Instant.EPOCH, ""),
                false,
                content.transition(),
                Map.of())));
        return new AnnouncedContent(found.settings(), found.transition());
    }
}
