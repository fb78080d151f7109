package dev.grantbook.connector;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * How long a connector's data is kept; each a number of days, weeks, months or years.
 *
 * @param unused tokens since their last use; by default half a year, for a bot that is used once a season
 * @param history lines of histories, and grants since their end; by default two years, since disputes come late
 * @param attempts since their deadline; by default a month, for support
 * @param invitations since their deadline
 */
public record RetentionPeriods(Period unused, Period history, Period attempts, Period invitations) {

    static RetentionPeriods from(JsonObject json) {
        return new RetentionPeriods(
                Period.parse(json.getString("unused", "P180D")),
                Period.parse(json.getString("history", "P2Y")),
                Period.parse(json.getString("attempts", "P30D")),
                Period.parse(json.getString("invitations", "P30D")));
    }

    /** What is older is deleted. */
    public static Instant end(Period period, Instant now) {
        return now.atZone(ZoneOffset.UTC).minus(period).toInstant();
    }
}
