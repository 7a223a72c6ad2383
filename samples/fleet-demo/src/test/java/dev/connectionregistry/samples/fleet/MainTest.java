package dev.connectionregistry.samples.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {

    @ParameterizedTest
    @CsvSource({
        "--seconds,9",
        "--seconds,601",
        "--instances,0",
        "--instances,11",
        "--rate,3",
        "--rate,x",
        "--nonsense,1"
    })
    void refusesWhatItCannotDoBeforeAnythingIsStarted(String option, String value) {
        StringWriter errors = new StringWriter();
        CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(errors));

        assertThat(commandLine.execute(option, value)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString().lines()).hasSize(2);
        assertThat(errors.toString()).startsWith("error: ").contains(option, "see samples/demo --help");
    }

    @Test
    void explainsItselfWithExamples() {
        StringWriter help = new StringWriter();
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(help));

        assertThat(commandLine.execute("--help")).isZero();
        assertThat(help.toString())
                .contains("--instances", "Examples:", "samples/demo --seconds 15", "samples/demo cutover")
                .containsPattern("(?m)^  cutover  ");
    }

    @Test
    void explainsTheCutoverWithExamples() {
        StringWriter help = new StringWriter();
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(help));

        assertThat(commandLine.execute("cutover", "--help")).isZero();
        assertThat(help.toString())
                .contains("--seconds", "rehearses", "Examples:", "samples/demo cutover --seconds 20");
    }

    @Test
    void explainsTheUpgradeWithExamples() {
        StringWriter help = new StringWriter();
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(help));

        assertThat(commandLine.execute("upgrade", "--help")).isZero();
        assertThat(help.toString()).contains("preflight", "--rate", "Examples:", "samples/demo upgrade | tail -n 1");
    }

    @Test
    void explainsTheSpringBootApplicationWithExamples() {
        StringWriter help = new StringWriter();
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(help));

        assertThat(commandLine.execute("spring", "--help")).isZero();
        assertThat(help.toString()).contains("actuator", "--instances", "Examples:", "samples/demo spring | tail -n 1");
    }

    @Test
    void pointsToTheHelpOfTheCommandThatWasGiven() {
        StringWriter errors = new StringWriter();
        CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(errors));

        assertThat(commandLine.execute("cutover", "--seconds", "9")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("see samples/demo cutover --help");
    }
}
