/** The linkage study: how WAAD, FAI, receiver FAI and entropy are tied to each other, held against chance (Tables 2, 10-12, 20). */
@NullMarked
package dev.upbeat.study.linkage;

import org.jspecify.annotations.NullMarked;
