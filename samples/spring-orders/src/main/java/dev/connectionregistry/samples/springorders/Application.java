package dev.connectionregistry.samples.springorders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Takes orders over HTTP and counts them once a second. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
public class Application {
    /** Runs until it is told to end. */
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
