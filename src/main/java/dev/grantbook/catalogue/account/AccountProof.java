package dev.grantbook.catalogue.account;

import dev.grantbook.oauth.Secret;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * How a provider proves to a web page, without OAuth, whose account it is. A proof grants nothing: it names the account
 * that an invitation may then expect.
 */
public enum AccountProof {
    /** Signed with the bot token; good for a day, and within that day as often as it is shown. */
    TELEGRAM_WIDGET {
        @Override
        public ProvenAccount check(JsonObject data, Secret secret, Instant now, Duration skew) {
            return new TelegramWidget(Duration.ofDays(1), skew).check(data, secret, now);
        }
    };

    /**
     * @param data every field that the provider gave the page
     * @param secret what the provider and we alone know
     * @param skew how far the provider's clock may be from ours
     * @throws AccountProofException naming the field at fault
     */
    public abstract ProvenAccount check(JsonObject data, Secret secret, Instant now, Duration skew);
}
