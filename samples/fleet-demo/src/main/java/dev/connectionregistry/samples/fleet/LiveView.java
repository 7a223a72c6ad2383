package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.measure.Recorder;
import dev.connectionregistry.samples.fleet.show.Panel;
import dev.connectionregistry.samples.fleet.show.Screen;

/** Draws the fleet's last second from a thread of its own: often on a terminal, now and then in a pipe. */
final class LiveView implements AutoCloseable {
    private static final long TICK_MILLIS = 250;
    private static final int TICKS_PER_PLAIN_LINE = 8;
    private static final int TICKS_PER_MEASURE = 4;

    private final Demo demo;
    private final Panel panel;
    private final Thread thread = new Thread(this::run, "live view");
    private final long startMicros;
    private volatile String phase = "";

    private LiveView(Demo demo) {
        this.demo = demo;
        this.panel = new Panel(demo.stage().targetEndpoint().port());
        this.startMicros = demo.clock().micros();
    }

    static LiveView start(Demo demo) {
        LiveView view = new LiveView(demo);
        view.thread.setDaemon(true);
        view.thread.start();
        return view;
    }

    /** What is going on, as a heading of the panel. */
    void phase(String text) {
        phase = text;
    }

    /** Takes the panel away; returns when nothing will be drawn any more. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        demo.screen().endPanel();
    }

    private void run() {
        try {
            for (int tick = 0; ; tick++) {
                draw(tick);
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException closed) {
            // nothing to draw any more
        }
    }

    private void draw(int tick) {
        Screen screen = demo.screen();
        long now = demo.clock().micros();
        Recorder.Now second = demo.recorder().now(now);
        double seconds = (now - startMicros) / 1e6;
        if (screen.terminal().live()) {
            if (tick % TICKS_PER_MEASURE == 0) {
                screen.measure();
            }
            screen.panel(panel.lines(phase, seconds, second, screen.terminal()));
        } else if (tick % TICKS_PER_PLAIN_LINE == 0) {
            screen.line(panel.plain(seconds, second));
        }
    }
}
