package dev.connectionregistry.core.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.local.HostileDocuments;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void leavesOrdinaryTextOfAnyLanguageAlone() {
        String text = "Zürich, 東京, العربية, 😀 – “quoted” \\ 100 %";
        assertThat(Printable.line(text)).isSameAs(text);
    }

    @Test
    void takesOutWhatATerminalObeysOrAReaderCannotSee() {
        assertThat(Printable.line(HostileDocuments.POISON)).isEqualTo("evil [2J ]0;title 31m esrever error: forged ");
        assertThat(Printable.lines("a\tb\nc\rd\u0085e")).isEqualTo("a\tb\nc d e");
        assertThat(Printable.line("a\n\tb")).isEqualTo("a b");
    }

    @Test
    void whatIsKeptIsShort() {
        assertThat(Printable.shortLine("a\nb")).isEqualTo("a b");
        assertThat(Printable.shortLine("x".repeat(2_000))).isEqualTo("x".repeat(2_000));
        assertThat(Printable.shortLine("x".repeat(2_001)))
                .isEqualTo("x".repeat(1_999) + "…")
                .hasSize(2_000);
        assertThat(Printable.shortLine("😀".repeat(1_000) + "end")).isEqualTo("😀".repeat(999) + " …");
    }
}
