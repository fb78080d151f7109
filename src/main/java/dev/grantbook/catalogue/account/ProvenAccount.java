package dev.grantbook.catalogue.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Account that a user has proved to own.
 *
 * @param name for people; null when the proof has none
 * @param at when the provider signed the proof
 */
public record ProvenAccount(String id, @Nullable String name, Instant at) {}
