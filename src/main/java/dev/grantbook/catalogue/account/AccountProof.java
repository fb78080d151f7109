package dev.grantbook.catalogue.account;

import dev.grantbook.oauth.Secret;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * Proves a user's account to a web page without OAuth. It grants nothing: an invitation may then expect the account.
 */
public enum AccountProof {
    /** Signed with the bot token; accepted for a day, any number of times. */
    TELEGRAM_WIDGET {
        @Override
        public ProvenAccount check(JsonObject data, Secret secret, Instant now, Duration skew) {
            return new TelegramWidget(Duration.ofDays(1), skew).check(data, secret, now);
        }
    };

    /**
     * @param data all fields that the provider gave the page, unchanged
     * @param secret shared with the provider
     * @param skew how far the provider's clock may be from ours
     * @throws AccountProofException naming the field at fault
     */
    public abstract ProvenAccount check(JsonObject data, Secret secret, Instant now, Duration skew);
}
