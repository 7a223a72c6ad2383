package dev.connectionregistry.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.status.StartException;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void listensOnLoopbackUnlessItIsToldOtherwise() {
        assertThat(Main.host(null)).isEqualTo("127.0.0.1");
        assertThat(Main.host(" ")).isEqualTo("127.0.0.1");
        assertThat(Main.host("0.0.0.0")).isEqualTo("0.0.0.0");
    }

    @Test
    void explainsAFailedStartInOneLine() {
        Throwable failure = catchThrowable(() -> OrdersService.start("127.0.0.1", 0, new AbstractModule() {
            @Provides
            RegistryDataSource refused() {
                throw new StartException("there is no database 'orders'\n  in the registry", null);
            }
        }));

        assertThat(Main.explained(failure)).hasValue("there is no database 'orders' in the registry");
        assertThat(Main.explained(catchThrowable(() -> Main.port("x"))))
                .hasValue("PORT is 'x'; write a number from 0 (any) to 65535");
        assertThat(Main.explained(new IllegalStateException("a bug"))).isEmpty();
    }
}
