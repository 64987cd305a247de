package dev.upbeat.hub;

import java.util.List;

/**
 * A revision as the hub lists it.
 *
 * @param commit what the revision stands for now, 40 hex digits
 * @param files the names of all its files, as yet unchecked
 */
record HubListing(HubId id, String commit, List<String> files) {}
