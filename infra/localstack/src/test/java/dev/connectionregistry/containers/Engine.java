package dev.connectionregistry.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/** Whether this machine can run containers. Determined once, before the first one starts, and printed in one line. Thread-safe. */
final class Engine {
    private Engine() {}

    private static final class Holder {
        static final Optional<String> MISSING = findOut();

        private static Optional<String> findOut() {
            Optional<String> missing = Engine.look();
            missing.ifPresent(reason -> System.out.println("Tests on containers are skipped: " + reason));
            return missing;
        }
    }

    /** What is missing; empty if nothing is. */
    static Optional<String> missing() {
        return Holder.MISSING;
    }

    private static Optional<String> look() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.of("no container engine answers");
        }
        DockerClient client = DockerClientFactory.lazyClient();
        return List.of(Containers.LOCALSTACK, Containers.OLD_POSTGRES, Containers.NEW_POSTGRES).stream()
                .filter(image -> !has(client, image))
                .map(image -> cannotPull(client, image))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static boolean has(DockerClient client, String image) {
        try {
            client.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Pulls an image, if the engine gets a first answer about it within some seconds; else says why not. */
    private static Optional<String> cannotPull(DockerClient client, String image) {
        try (Pull pull = new Pull()) {
            client.pullImageCmd(image).exec(pull);
            return pull.outcome()
                    .map(problem -> "the engine neither has image " + image + " nor can pull it (" + problem + ")");
        } catch (DockerException e) {
            return Optional.of("the engine neither has image " + image + " nor can pull it (" + e.getMessage() + ")");
        }
    }

    /** A pull under way. */
    private static final class Pull extends ResultCallback.Adapter<PullResponseItem> {
        private static final long FIRST_ANSWER_SECONDS = 5;
        private static final long WHOLE_PULL_MINUTES = 15;

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicReference<@Nullable String> problem = new AtomicReference<>();

        @Override
        public void onNext(PullResponseItem item) {
            if (item.isErrorIndicated()) {
                problem.compareAndSet(
                        null, Objects.requireNonNull(item.getErrorDetail()).getMessage());
            }
            begun.countDown();
        }

        @Override
        public void onError(Throwable thrown) {
            problem.compareAndSet(null, String.valueOf(thrown.getMessage()).strip());
            super.onError(thrown);
            end();
        }

        @Override
        public void onComplete() {
            super.onComplete();
            end();
        }

        @Override
        public void close() {
            try {
                super.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void end() {
            ended.countDown();
            begun.countDown();
        }

        /** What went wrong; empty if the image is there now. */
        Optional<String> outcome() {
            try {
                if (!begun.await(FIRST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
                    return Optional.of("no answer within " + FIRST_ANSWER_SECONDS + " s");
                }
                if (!ended.await(WHOLE_PULL_MINUTES, TimeUnit.MINUTES)) {
                    return Optional.of("not done within " + WHOLE_PULL_MINUTES + " min");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of("interrupted");
            }
            return Optional.ofNullable(problem.get());
        }
    }
}
