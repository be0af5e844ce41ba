// SPDX-License-Identifier: Apache-2.0
// What one client sees, judged as it happens: the oracle's verdict on every read, its age if it
// is stale, and the guarantees of the session that it serves.
//
// Used by one client, which does one thing at a time; the judges behind it are shared by all.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "measure/acknowledgements.h"
#include "measure/exposure.h"
#include "measure/histogram.h"
#include "measure/lost_events.h"
#include "measure/oracle.h"
#include "measure/session_memory.h"

namespace stalemark {

struct ConsistencyCounts {
    std::uint64_t reads_checked = 0;  // Reads that could have been found stale.
    // Definitely older than a write acknowledged before they began.
    std::uint64_t stale_reads = 0;
    // Reads of a key that the session wrote before, and those that saw something older.
    std::uint64_t read_your_writes_eligible = 0;
    std::uint64_t read_your_writes_violations = 0;
    // Reads of a key that the session read before, and those that saw something older.
    std::uint64_t monotonic_reads_eligible = 0;
    std::uint64_t monotonic_reads_violations = 0;
    // Of a write that was refused, or of an absence never made.
    std::uint64_t phantom_reads = 0;
    // Of a write of unknown outcome: never called stale.
    std::uint64_t reads_of_open_writes = 0;
    std::uint64_t values_corrupt =
        0;  // Not what was written for this key, if that is verified.
    std::uint64_t session_lookups = 0;  // Reads that asked the session table...
    std::uint64_t session_found = 0;    // ...and found their key.
    std::uint64_t version_lag_max = 0;  // Acknowledged writes that a stale read missed.
    Histogram stale_age;                // Of the stale reads of known age.
    std::uint64_t ages_at_least = 0;    // The others: they are at least so old.

    // Likewise of reads that were answered with what was known to be out of date: kept apart,
    // as they are meant.
    std::uint64_t stale_by_design = 0;
    Histogram stale_by_design_age;

    // Where a bound of staleness is promised: reads that came late enough to show a breach of
    // it, had their key been replaced by the first write of the run, and breaches.
    std::uint64_t reads_past_bound = 0;
    std::uint64_t contract_violations = 0;

    void merge(const ConsistencyCounts& other);
};

// The account that is kept of the store's calls. From hold() to tell(), by the same task, it
// need not tell exposure what the store has taken; tell() does. Any may be empty.
struct StoreAccount {
    std::function<void()> hold;
    std::function<void()> tell;
    std::function<void(Key)> fetch;  // The account of this key is soon to be written to.
};

// The judges of a run.
struct Judges {
    // `clients`: those who write. `are_sessions_shared`: as in SessionMemory.
    Judges(std::uint64_t keys, std::uint64_t preloaded, std::uint32_t clients,
           std::uint32_t session_count, bool are_sessions_shared,
           std::uint64_t acknowledgement_bytes = Acknowledgements::default_budget_bytes)
        : oracle(keys, preloaded, clients),
          sessions(session_count, keys, are_sessions_shared),
          acknowledgements(keys, acknowledgement_bytes),
          exposure(oracle, keys) {}

    // Of clients each of which is a session.
    Judges(std::uint64_t keys, std::uint64_t preloaded, std::uint32_t clients)
        : Judges(keys, preloaded, clients, clients, false) {}

    std::size_t memory_bytes() const {
        return oracle.memory_bytes() + sessions.memory_bytes() + acknowledgements.bytes() +
               exposure.memory_bytes();
    }

    Oracle oracle;
    SessionMemory sessions;

    // Whether values are checked by their checksums; else their headers are believed.
    bool verifies = true;

    // If one is promised: no read is more out of date than this and the slack of the entry that
    // answered it.
    std::optional<Duration> bound;

    // When the first write or delete was acknowledged, in the warm-up or later.
    std::atomic<Instant> first_write = never;

    // Where events can be lost.
    std::unique_ptr<LostEvents> lost_events;

    // What every write changes: apart from what every read looks at.
    Acknowledgements acknowledgements;
    Exposure exposure;

    StoreAccount store_account;

    // If any: told of every acknowledged write or delete.
    std::function<void(Key, const Header&, Instant ended)> on_acknowledged;
};

class Witness {
public:
    // `client`: the number under which it writes, and of the session that it serves at first.
    // `node`: the one that it asks.
    Witness(Judges& judges, std::uint32_t client, std::uint32_t node = 0)
        : judges_(judges),
          client_(client),
          node_(node),
          session_(judges.sessions.session(client)) {}

    // What comes next belongs to this session. Sessions that several clients serve may have
    // several operations under way at once: only what had ended before a read began binds it.
    void serve(std::uint32_t session) { session_ = judges_.sessions.session(session); }

    // An operation on `key` is to come, or is under way: begins to bring near the processor
    // what judging it will touch.
    // (Inlined, or g++ 12 takes a function that only fetches for one without effect.)
    [[gnu::always_inline]] void fetch(Key key) const {
        judges_.oracle.fetch(key);
        judges_.sessions.fetch(session_, key);
        if (judges_.store_account.fetch) judges_.store_account.fetch(key);
    }

    // Around a read. `began` is the instant at which it was sent.
    Oracle::Stamp before_read(Key key) {
        known_ = judges_.sessions.find(session_, key);
        return judges_.oracle.entitlement(key);
    }
    // Answers whether the read is definitely stale. `by_design`: the answer was known to be out
    // of date. `slack`: as in Answer.
    bool after_read(Key key, Oracle::Stamp entitlement, Instant began,
                    std::optional<std::string_view> value, bool by_design = false,
                    Duration slack = Duration{0});

    // Lives while the time of a write or delete is taken.
    class Timing {
    public:
        explicit Timing(const StoreAccount& account) : account_(account) {
            if (account_.hold) account_.hold();
        }
        ~Timing() {
            if (account_.tell) account_.tell();
        }
        Timing(const Timing&) = delete;
        Timing& operator=(const Timing&) = delete;

    private:
        const StoreAccount& account_;
    };

    // Around a write or delete: before_write(), then timing(), whose result is gone when one of
    // the others is called, or what was stored would pass for exposed. `ended` is the instant
    // at which it came back.
    Header before_write(Key key, bool is_delete);
    Timing timing() const { return Timing(judges_.store_account); }
    void after_write(Key key, const Header& header, bool is_delete, Instant ended);
    void after_refusal(Key key, const Header& header, bool is_delete);
    void after_silence(Key key, const Header& header, bool is_delete);

    const ConsistencyCounts& counts() const { return counts_; }

    // Beside its own size.
    std::size_t memory_bytes() const {
        return counts_.stale_age.memory_bytes() + counts_.stale_by_design_age.memory_bytes();
    }

    // Forgets the counts, not what sessions have seen: the end of a warm-up.
    void reset_counts() { counts_ = {}; }

private:
    // Which write a value is of; nothing: it is not what was written for the key.
    Seen seen_in(Key key, std::string_view value) const;
    bool judge(Key key, Oracle::Stamp entitlement, Instant began, const Seen& seen,
               bool by_design, Duration slack);
    void judge_session(Key key, const Seen& seen, bool is_stale);
    void measure_age(Key key, Oracle::Stamp entitlement, Instant began, const Seen& seen,
                     bool by_design, Duration slack);
    bool is_past_bound(Duration age, Duration slack) const {
        return judges_.bound && age > *judges_.bound && age - slack > *judges_.bound;
    }

    Judges& judges_;
    const std::uint32_t client_;
    const std::uint32_t node_;
    SessionMemory::Session session_;
    std::optional<SessionMemory::Known> known_;  // Of the key that is being read.
    ConsistencyCounts counts_;
};

}  // namespace stalemark
