package dev.connectionregistry.admin;

import dev.connectionregistry.admin.cli.terminal.Console;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the script that completes this program's arguments in a shell. */
@Command(
        name = "generate-completion",
        description = "Prints a script that completes the arguments in bash or zsh.",
        footer = {"", "Example:", "  source <(registry-admin generate-completion)"})
public final class GenerateCompletionCommand implements Runnable {
    /**
     * Picocli can't know the names of databases, which are in the table. The script asks for them with the options
     * typed so far, within three seconds, and keeps them for a minute. It doesn't complete names of Postgres tables,
     * since that would log in to Postgres at every key press.
     */
    private static final String DATABASES = """

            # The databases of the registry, where a word is wanted that is no option.
            function _registry_admin_databases() {
              local options=() i=1
              while [ $i -lt "$COMP_CWORD" ]; do
                case "${COMP_WORDS[$i]}" in
                  --table|--region|--endpoint-url|--profile)
                    options+=("${COMP_WORDS[$i]}")
                    [ "${COMP_WORDS[$((i + 1))]}" = "=" ] && i=$((i + 1))
                    i=$((i + 1))
                    options+=("${COMP_WORDS[$i]}") ;;
                esac
                i=$((i + 1))
              done
              local key="${options[*]}"
              if [ "$_registry_admin_key" != "$key" ] || [ $((SECONDS - ${_registry_admin_at:--60})) -ge 60 ]; then
                _registry_admin_names=$(timeout 3 "${COMP_WORDS[0]}" "${options[@]}" list --output json 2>/dev/null </dev/null \
                  | grep -o '"database" *: *"[^"]*"' | cut -d '"' -f 4)
                _registry_admin_key=$key
                _registry_admin_at=$SECONDS
              fi
            }
            function _complete_registry_admin_with_databases() {
              _complete_registry-admin "$@"
              local word="${COMP_WORDS[$COMP_CWORD]}" before="${COMP_WORDS[$((COMP_CWORD - 1))]}"
              if [ ${#COMPREPLY[@]} -eq 0 ] && [ "$COMP_CWORD" -gt 1 ] && [[ "$word" != -* && "$before" != -* && "$before" != "=" ]]; then
                _registry_admin_databases
                COMPREPLY=( $(compgen -W "$_registry_admin_names" -- "$word") )
              fi
            }
            complete -F _complete_registry_admin_with_databases -o default registry-admin
            """;

    @Spec
    private @Nullable CommandSpec spec;

    private final Console console;

    @Inject
    GenerateCompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        CommandSpec root = Objects.requireNonNull(spec).root();
        console.print(AutoComplete.bash("registry-admin", root.commandLine()));
        console.print(DATABASES);
    }
}
