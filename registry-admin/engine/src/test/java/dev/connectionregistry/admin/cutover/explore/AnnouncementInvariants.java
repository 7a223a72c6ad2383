package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.internal.DecidedClient;
import dev.connectionregistry.internal.DecidedClient.Decided;
import dev.connectionregistry.internal.DecidedClient.Kind;
import dev.connectionregistry.internal.DecidedClient.Wish;
import dev.connectionregistry.registry.ReadResult;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What an announcement does in any state of an instance: with the secret of a commitment that was read, what reading that version does;
 * with any other secret, nothing. So the search needs to know of signals only what is revealed.
 */
final class AnnouncementInvariants {
    private static final Set<Kind> WHEN_TO_READ = EnumSet.of(Kind.READ, Kind.POLL);
    private static final int AROUND = 3;
    private static final CommittedSecret FORGED = CommittedSecret.random();

    private AnnouncementInvariants() {}

    static void check(Instance instance, List<Secret> committed) {
        int known = Math.toIntExact(instance.client().acknowledged());
        for (int version = Math.max(1, known - AROUND); version <= known + AROUND; version++) {
            for (Secret secret : Secret.ofVersion(version)) {
                if (version > known && committed.contains(secret)) {
                    isRead(instance, secret);
                } else {
                    isNothing(instance, secret + " without its commitment", secret.announcement());
                }
            }
        }
        for (Secret one : committed) {
            isNothing(instance, "a forged " + one, new Announcement(one.kind(), one.version(), FORGED));
            for (Secret other : committed) {
                if (!other.equals(one)) {
                    Announcement mislabelled = other.announcementAs(one.kind(), one.version());
                    isNothing(instance, one + " with the secret for " + other, mislabelled);
                }
            }
        }
    }

    private static void isRead(Instance instance, Secret secret) {
        DecidedClient client = instance.client();
        Announcement announcement = secret.announcement();
        ReadResult answer = secret.content().as(secret.version());
        Decided announced = client.announced(Secret.DATABASE, announcement);
        same(instance, secret + ", compared with reading it,", announced, client.read(answer));
        ReadResult older = Content.OLD.as(Math.max(1, Math.toIntExact(client.acknowledged()) - 1));
        ReadResult newer = Content.OLD.as(secret.version() + 1);
        for (ReadResult late : List.of(older, answer, newer)) {
            Decided during = client.announcedWhileReading(Secret.DATABASE, announcement, late);
            if (during.client().troubled()) {
                throw new Broken(
                        Invariant.ANNOUNCEMENT_IS_READ,
                        secret + " came before the answer " + late + ", which then is trouble in " + instance);
            }
            same(instance, secret + " during a read", during, announced);
        }
        for (ReadResult next : List.of(older, answer)) {
            Decided afterwards = announced.client().read(next);
            if (!isHarmless(afterwards) || afterwards.client().troubled()) {
                throw new Broken(
                        Invariant.ANNOUNCEMENT_IS_READ,
                        "after " + secret + " the answer " + next + " leads to " + afterwards.wishes());
            }
        }
    }

    private static void same(Instance instance, String what, Decided one, Decided other) {
        boolean sameWishes = aboutPools(one).equals(aboutPools(other));
        if (!sameWishes
                || !instance.after(one).levelled().equals(instance.after(other).levelled())) {
            throw new Broken(
                    Invariant.ANNOUNCEMENT_IS_READ,
                    what + " leads to " + one.wishes() + " instead of " + other.wishes() + " in " + instance);
        }
    }

    private static void isNothing(Instance instance, String what, Announcement announcement) {
        Decided decided = instance.client().announced(Secret.DATABASE, announcement);
        if (!isHarmless(decided)) {
            throw new Broken(
                    Invariant.ANNOUNCEMENT_IS_READ, what + " leads to " + decided.wishes() + " in " + instance);
        }
        InstanceInvariants.sameClient(instance, what, decided, Invariant.ANNOUNCEMENT_IS_READ);
    }

    private static boolean isHarmless(Decided decided) {
        return aboutPools(decided).isEmpty();
    }

    private static List<Wish> aboutPools(Decided decided) {
        return decided.wishes().stream()
                .filter(wish -> !WHEN_TO_READ.contains(wish.kind()))
                .toList();
    }
}
