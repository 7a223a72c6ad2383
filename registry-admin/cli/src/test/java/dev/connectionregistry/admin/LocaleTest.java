package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the programs write and print is the same in every language of the machine. */
class LocaleTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private static <T> T in(Locale locale, Supplier<T> work) {
        Locale before = Locale.getDefault();
        Locale.setDefault(locale);
        try {
            return work.get();
        } finally {
            Locale.setDefault(before);
        }
    }

    private static List<Object> documents() {
        VersionedSettings first = VersionedSettings.first(
                ORDERS,
                ConnectionSettings.of(Endpoint.parse("DB-I.internal:5432/orders"), "app", SecretRef.parse("env:PW")),
                new Change("op", Instant.EPOCH, ""));
        InstanceReport report = InstanceReport.builder(ORDERS, "CHECKIN", "i-1")
                .version(1234567)
                .build();
        return List.of(
                SettingsCodec.toDocument(first),
                SettingsCodec.versioned(SettingsCodec.toDocument(first)),
                ReportCodec.toDocument(report),
                ReportCodec.report(ReportCodec.toDocument(report)),
                Durations.text(Duration.ofMillis(61_500)));
    }

    private static List<String> commands() {
        InMemoryRegistry registry = new InMemoryRegistry();
        Terminalless program = new Terminalless(registry);
        List<String> printed = new ArrayList<>();
        for (String line : List.of(
                "add orders --endpoint db1:5432/orders --username app --password-ref env:PW --property sslmode=require",
                "set-pool orders --maximum-size 12 --connection-timeout 1500ms --no-wait",
                "set-interval orders 2s --no-wait",
                "show orders",
                "list",
                "history orders",
                "status orders --exit-code",
                "history orders --limit 0",
                "STATUS orders")) {
            Terminalless.Run run = program.run(line.split(" "));
            printed.add(run.code() + run.out() + run.err());
            if (line.startsWith("list")) {
                new FakeInstance(registry, new SystemTiming(), "orders", "i-1").poll();
            }
        }
        return printed.stream()
                .map(text -> text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
                        .replaceAll("\\d\\.\\d\\ds", "AGE")
                        .replaceAll(" +", " "))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fa-IR-u-nu-arabext", "tr-TR", "ar-EG-u-nu-arab", "de-DE"})
    void documentsAndCommandsAreThoseOfEveryOtherMachine(String language) {
        Locale locale = Locale.forLanguageTag(language);
        assertThat(in(locale, LocaleTest::documents)).isEqualTo(in(Locale.ROOT, LocaleTest::documents));
        assertThat(in(locale, LocaleTest::commands)).isEqualTo(in(Locale.ROOT, LocaleTest::commands));
    }
}
