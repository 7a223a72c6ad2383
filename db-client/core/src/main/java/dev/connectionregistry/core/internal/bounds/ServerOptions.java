package dev.connectionregistry.core.internal.bounds;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The driver property {@code options}: command-line switches for the server's backend. Only {@code -c name=value} and
 * {@code --name=value} are accepted, and only for parameters that change how fast a session is, how long it may take,
 * and how it prints values. A parameter is not accepted if it chooses who the session is, what it may see, whether a
 * commit is durable, or what is loaded. Pure.
 */
final class ServerOptions {
    private static final Set<String> HARMLESS = Set.of(
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "transaction_timeout",
            "tcp_keepalives_idle",
            "tcp_keepalives_interval",
            "tcp_keepalives_count",
            "tcp_user_timeout",
            "client_connection_check_interval",
            "search_path",
            "timezone",
            "intervalstyle",
            "extra_float_digits",
            "bytea_output",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "default_text_search_config",
            "default_transaction_isolation",
            "default_transaction_deferrable",
            "work_mem",
            "maintenance_work_mem",
            "hash_mem_multiplier",
            "temp_buffers",
            "effective_cache_size",
            "effective_io_concurrency",
            "random_page_cost",
            "seq_page_cost",
            "cpu_tuple_cost",
            "cpu_index_tuple_cost",
            "cpu_operator_cost",
            "parallel_setup_cost",
            "parallel_tuple_cost",
            "max_parallel_workers_per_gather",
            "plan_cache_mode",
            "default_statistics_target",
            "constraint_exclusion",
            "cursor_tuple_fraction",
            "from_collapse_limit",
            "join_collapse_limit",
            "jit",
            "jit_above_cost",
            "geqo",
            "geqo_threshold",
            "client_min_messages");

    private ServerOptions() {}

    /** The time zone that the options set, the last one if there are several; empty if they set none. */
    static Optional<String> timeZone(String options) {
        List<String> words = words(options);
        String zone = null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).equals("-c") && i + 1 < words.size()
                    ? words.get(++i)
                    : words.get(i).replaceFirst("^-[c-]", "");
            if (word.toLowerCase(Locale.ROOT).startsWith("timezone=")) {
                zone = word.substring(word.indexOf('=') + 1);
            }
        }
        return Optional.ofNullable(zone);
    }

    /** What isn't harmless in the options; empty if everything is. */
    static Optional<String> problem(String options) {
        List<String> words = words(options);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String setting;
            if (word.equals("-c") && i + 1 < words.size()) {
                i++;
                setting = words.get(i);
            } else if (word.startsWith("-c")) {
                setting = word.substring(2);
            } else if (word.startsWith("--")) {
                setting = word.substring(2);
            } else {
                return Optional.of("only -c name=value and --name=value are accepted");
            }
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            String parameter = name.replace('-', '_').toLowerCase(Locale.ROOT);
            if (equals < 0 || !(HARMLESS.contains(parameter) || parameter.matches("enable_[a-z_]{1,40}"))) {
                return Optional.of("parameter '" + shown(name) + "' is not one of those known to be harmless");
            }
        }
        return Optional.empty();
    }

    private static String shown(String name) {
        return name.length() > 63 ? name.substring(0, 63) + "…" : name;
    }

    /** Splits options as the server does: at spaces, unless a backslash protects them. */
    private static List<String> words(String options) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean protectedNext = false;
        for (int i = 0; i < options.length(); i++) {
            char each = options.charAt(i);
            if (protectedNext) {
                word.append(each);
                protectedNext = false;
            } else if (each == '\\') {
                protectedNext = true;
            } else if (Character.isWhitespace(each) || each == '\u000b') {
                if (word.length() > 0) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(each);
            }
        }
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }
}
