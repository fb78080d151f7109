package dev.grantbook.catalogue.account;

import dev.grantbook.catalogue.dialect.Pointer;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a reply names the account of a token.
 *
 * @param id joined by slashes when there are several
 * @param installationId what counts as one installation of the bot; null when that is the account
 */
public record AccountMapping(
        AccountSource from,
        List<Pointer> id,
        Pointer name,
        @Nullable Pointer installationId,
        @Nullable Pointer installationName) {

    public enum AccountSource {
        ENDPOINT,
        TOKEN_REPLY,
        ID_TOKEN
    }

    /**
     * Reads the account.
     *
     * @param reply token reply, reply of the account endpoint, or claims
     * @return empty when the reply names no account that can be stored
     */
    public Optional<Account> read(JsonObject reply) {
        Account.InstalledAt installation = installationId == null
                ? null
                : id(List.of(installationId), reply)
                        .map(found -> new Account.InstalledAt(
                                found, installationName == null ? null : Account.line(installationName.scalar(reply))))
                        .orElse(null);
        return id(id, reply).map(found -> new Account(found, Account.line(name.scalar(reply)), installation));
    }

    private static Optional<String> id(List<Pointer> pointers, JsonObject reply) {
        List<String> parts = pointers.stream()
                .map(pointer -> Objects.requireNonNullElse(pointer.scalar(reply), ""))
                .toList();
        return parts.contains("")
                ? Optional.empty()
                : Optional.of(String.join("/", parts)).filter(Account::isId);
    }
}
