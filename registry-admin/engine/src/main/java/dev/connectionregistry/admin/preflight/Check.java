package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One check: what it is, and a function. The function has three parts: what the check needs to be useful, the facts
 * that it asks for, and their judgement. Only needs and asking may do I/O; judging is pure. Immutable.
 *
 * @param <S> where the facts come from, such as sessions on both servers
 * @param about its description
 * @param look makes it; changes nothing
 */
public record Check<S>(About about, Look<S> look) {
    @FunctionalInterface
    public interface Look<S> {
        /**
         * Asks, and judges.
         *
         * @throws ServerException if a server can't be asked
         */
        Finding at(S subject) throws ServerException;
    }

    /** Reads the facts that a check judges. */
    @FunctionalInterface
    public interface Question<S, F> {
        /**
         * Reads them; changes nothing.
         *
         * @throws ServerException if a server can't be asked
         */
        F of(S subject) throws ServerException;
    }

    /** What must be true before a check can be made, or means anything. */
    @FunctionalInterface
    public interface Need<S> {
        /**
         * The finding if the check can't be made; empty if it can.
         *
         * @throws ServerException if a server can't be asked
         */
        Optional<Finding> unmet(S subject) throws ServerException;
    }

    /** Begins a check; {@code known} gives the judge what is known without asking. */
    public static <S, C> Draft<S, C> draft(Group group, String name, Function<S, C> known) {
        return new Draft<>(new About(name, group, ""), known, List.of());
    }

    /**
     * A check that is being written down.
     *
     * @param <C> what is known without asking
     */
    public record Draft<S, C>(About about, Function<S, C> known, List<Need<S>> needs) {
        /** Why it is made, as one sentence. */
        public Draft<S, C> because(String reason) {
            return new Draft<>(new About(about.name(), about.group(), reason, about.leftToCutover()), known, needs);
        }

        /** Adds a need; the first that isn't met decides. */
        public Draft<S, C> needs(Need<S> need) {
            return new Draft<>(
                    about, known, Stream.concat(needs.stream(), Stream.of(need)).toList());
        }

        /** A cutover checks this itself, so preflight doesn't do it for a cutover. */
        public Draft<S, C> leftToCutover() {
            return new Draft<>(new About(about.name(), about.group(), about.reason(), true), known, needs);
        }

        public <F> Asking<S, C, F> asks(Question<S, F> question) {
            return new Asking<>(this, question);
        }

        /** A check that asks nothing, and judges what is known. */
        public Check<S> judges(Function<C, Finding> judge) {
            return asks(known::apply).judges(judge);
        }

        private Optional<Finding> unmet(S subject) throws ServerException {
            for (Need<S> need : needs) {
                Optional<Finding> finding = need.unmet(subject);
                if (finding.isPresent()) {
                    return finding;
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A check that only lacks its judgement.
     *
     * @param <F> the facts
     */
    public record Asking<S, C, F>(Draft<S, C> draft, Question<S, F> question) {
        /** Judges the facts alone. */
        public Check<S> judges(Function<F, Finding> judge) {
            return judges((facts, known) -> judge.apply(facts));
        }

        /** Judges the facts and what is known without them. */
        public Check<S> judges(BiFunction<F, C, Finding> judge) {
            return new Check<>(draft.about(), subject -> {
                Optional<Finding> unmet = draft.unmet(subject);
                return unmet.isPresent()
                        ? unmet.get()
                        : judge.apply(question.of(subject), draft.known().apply(subject));
            });
        }
    }
}
