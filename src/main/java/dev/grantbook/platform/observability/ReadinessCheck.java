package dev.grantbook.platform.observability;

import java.util.Map;

/** A part of what a node needs, which {@code /health/ready} reports. */
public interface ReadinessCheck {

    CheckResult check();

    /**
     * @param name says which part
     * @param up whether the node can serve, as far as this part goes
     * @param data what else operators want to know
     */
    record CheckResult(String name, boolean up, Map<String, String> data) {}
}
