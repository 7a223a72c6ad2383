package dev.connectionregistry.admin.cli.options;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Refuses {@code --password}, which people try first, without repeating what they typed. */
public final class NoLiteralPassword {
    @Option(
            names = {"--password", "--pass", "-W"},
            hidden = true,
            paramLabel = "NEVER",
            parameterConsumer = Refuse.class,
            description = "not accepted; use --password-ref")
    private boolean refused;

    /** Whether the option was given; never true, since giving it is an error. */
    boolean refused() {
        return refused;
    }

    /** Stops parsing the arguments. */
    static final class Refuse implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec argument, CommandSpec command) {
            arguments.clear();
            throw new ParameterException(
                    command.commandLine(),
                    "a literal password is never accepted (it is not repeated here, but your shell's history may"
                            + " contain it); use --password-ref with " + Credentials.FORMS);
        }
    }
}
