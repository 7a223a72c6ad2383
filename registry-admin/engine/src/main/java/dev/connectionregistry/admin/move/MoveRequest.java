package dev.connectionregistry.admin.move;

import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * A change that the fleet is to follow.
 *
 * @param change the part that every change has
 * @param pollInterval shortens the interval to this for the duration of the move
 * @param watch whether to watch the fleet follow
 * @param goal what counts as having followed
 * @param timeout bound of each of the two waits; empty to derive it from the fleet
 */
public record MoveRequest(
        ChangeRequest change,
        Optional<Duration> pollInterval,
        boolean watch,
        FleetGoal.Kind goal,
        Optional<Duration> timeout) {}
