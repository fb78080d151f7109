package dev.grantbook.catalogue.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Account that a user has proved to have.
 *
 * @param id the provider's own, stable id
 * @param name what people call the account; null when the proof did not say
 * @param at when the provider signed the proof
 */
public record ProvenAccount(String id, @Nullable String name, Instant at) {}
