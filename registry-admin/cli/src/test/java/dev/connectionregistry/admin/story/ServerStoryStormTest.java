package dev.connectionregistry.admin.story;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link ServerStoryTest} from Postgres 13 to 17, and with a name on standbys. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerStoryStormTest extends ServerStoryTest {
    @Override
    int sourceMajor() {
        return 13;
    }

    @Override
    int targetMajor() {
        return 17;
    }

    @Test
    @Override
    void movesWithAReaderThereAndBack() throws Exception {
        super.movesWithAReaderThereAndBack();
    }
}
