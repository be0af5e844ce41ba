// SPDX-License-Identifier: Apache-2.0
// Nothing that is not ours is ever touched.

#include "stores/folder_claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "core/errors.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Root may write everywhere: acts as somebody else.
class AsAnybody {
public:
    AsAnybody() {
        if (is_root_ && ::seteuid(65'534) != 0) throw std::runtime_error("cannot change user");
    }
    ~AsAnybody() {
        if (is_root_ && ::seteuid(0) != 0) std::abort();
    }
    AsAnybody(const AsAnybody&) = delete;
    AsAnybody& operator=(const AsAnybody&) = delete;

private:
    const bool is_root_ = ::geteuid() == 0;
};

class FolderClaimTest : public testing::Test {
protected:
    // The folder is refused for a reason that contains `why`, and nothing has changed.
    void expect_refusal(const fs::path& folder, std::string_view why) {
        const auto before = place_.contents();
        EXPECT_THAT([&] { const FolderClaim claim(folder); },
                    testing::ThrowsMessage<InputError>(
                        AllOf(HasSubstr(std::string(why)), Not(HasSubstr("\n")))));
        EXPECT_EQ(place_.contents(), before);
    }

    static void claim(const fs::path& folder) {
        const FolderClaim claim(folder);
        EXPECT_TRUE(fs::is_regular_file(folder / "stalemark.json"));
    }

    TemporaryPlace place_;
};

TEST_F(FolderClaimTest, ANewFolderIsMadeAndCanBeClaimedAgain) {
    claim(place_ / "new");
    claim(place_ / "new");
}

TEST_F(FolderClaimTest, AnEmptyFolderIsTaken) {
    fs::create_directory(place_ / "empty");
    claim(place_ / "empty");
}

TEST_F(FolderClaimTest, NamesMayHaveSpacesAndAnyLetters) {
    claim(place_ / "mit Leerzeichen – キャッシュ'\"$");
    claim(place_ / std::string(255, 'x'));
}

TEST_F(FolderClaimTest, ATrailingSlashChangesNothing) {
    claim(place_ / "new/");
    const FolderClaim claim(place_ / "new");
    EXPECT_EQ(claim.folder(), place_ / "new");
}

TEST_F(FolderClaimTest, AFolderLeftByAKilledClaimIsTaken) {
    place_.write("left/stalemark.lock", "1");
    place_.write("left/stalemark.json.new", "{");
    claim(place_ / "left");
}

TEST_F(FolderClaimTest, ASymbolicLinkToAFolderIsAsGoodAsTheFolder) {
    fs::create_directory(place_ / "real");
    fs::create_symlink("real", place_ / "link");
    claim(place_ / "link");
    const FolderClaim claim(place_ / "link");
    EXPECT_EQ(claim.folder(), place_ / "real");
}

TEST_F(FolderClaimTest, AFolderWithAnythingElseInItIsRefused) {
    place_.write("foreign/precious.txt", "data");
    expect_refusal(place_ / "foreign", "is not empty and stalemark did not make it");
    place_.write("database/CURRENT", "MANIFEST-000001");
    place_.write("database/loaded/000001.sst", "rows");
    place_.write("database/stalemark.lock", "");
    expect_refusal(place_ / "database", "is not empty and stalemark did not make it");
}

TEST_F(FolderClaimTest, AMarkerThatIsNotOursIsRefused) {
    place_.write("other/stalemark.json", "{\"name\": \"precious\"}");
    expect_refusal(place_ / "other", "was not written by stalemark");
    place_.write("list/stalemark.json", "[\"data folder\"]");
    expect_refusal(place_ / "list", "was not written by stalemark");
    place_.write("empty/stalemark.json", "");
    expect_refusal(place_ / "empty", "was not written by stalemark");
    fs::create_directories(place_ / "folder/stalemark.json");
    expect_refusal(place_ / "folder", "stalemark.json is not a file");
    place_.write("ours/stalemark.json", "{\"stalemark\": \"data folder\", \"format\": 1}");
    fs::create_directory(place_ / "linked");
    fs::create_symlink(place_ / "ours/stalemark.json", place_ / "linked/stalemark.json");
    expect_refusal(place_ / "linked", "stalemark.json is not a file");
}

TEST_F(FolderClaimTest, AFolderOfANewerFormatIsRefused) {
    place_.write("newer/stalemark.json", "{\"stalemark\": \"data folder\", \"format\": 2}");
    expect_refusal(place_ / "newer", "newer stalemark made it (format 2; this one knows 1)");
}

TEST_F(FolderClaimTest, WhatIsNoFolderIsRefused) {
    place_.write("file", "data");
    expect_refusal(place_ / "file", "it is not a folder");
    expect_refusal(place_ / "file/below", "Not a directory");
    expect_refusal("/dev/null", "it is not a folder");
    expect_refusal("", "it has no name");
    expect_refusal(place_ / std::string(256, 'x'), "File name too long");
}

TEST_F(FolderClaimTest, LinksThatLeadNowhereAreRefused) {
    fs::create_symlink("nothing", place_ / "dangling");
    expect_refusal(place_ / "dangling", "a symbolic link that leads nowhere");
    fs::create_symlink("loop", place_ / "loop");
    expect_refusal(place_ / "loop", "Too many levels of symbolic links");
}

TEST_F(FolderClaimTest, AMissingParentIsNotMade) {
    expect_refusal(place_ / "missing/new", "the folder that it lies in does not exist");
}

TEST_F(FolderClaimTest, AFolderThatMayNotBeWrittenIsRefused) {
    fs::create_directory(place_ / "read_only");
    fs::permissions(place_ / "read_only", fs::perms(0555));
    fs::permissions(place_.path(), fs::perms(0755));
    const AsAnybody anybody;
    expect_refusal(place_ / "read_only", "Permission denied");
    expect_refusal(place_ / "read_only/new", "Permission denied");
}

TEST_F(FolderClaimTest, AClaimedFolderIsRefusedWithTheProcessThatHasIt) {
    const FolderClaim claim(place_ / "new");
    expect_refusal(place_ / "new", "process " + std::to_string(::getpid()) + " is using it");
}

TEST_F(FolderClaimTest, ALockThatIsALinkIsNotWrittenThrough) {
    place_.write("precious.txt", "data");
    fs::create_directory(place_ / "trap");
    fs::create_symlink(place_ / "precious.txt", place_ / "trap/stalemark.lock");
    expect_refusal(place_ / "trap", "stalemark.lock");
}

TEST_F(FolderClaimTest, RemoveDeletesAFolderAndFollowsNoLinks) {
    place_.write("precious/data.txt", "data");
    const FolderClaim claim(place_ / "new");
    place_.write("new/run/file", "ours");
    fs::create_symlink(place_ / "precious", place_ / "new/run/link");
    claim.remove("run");
    claim.remove("run");
    EXPECT_FALSE(fs::exists(place_ / "new/run"));
    EXPECT_TRUE(fs::exists(place_ / "precious/data.txt"));
}

TEST_F(FolderClaimTest, RemoveLeavesALinkOrFileOfThatNameAlone) {
    place_.write("precious/data.txt", "data");
    const FolderClaim claim(place_ / "new");
    fs::create_symlink(place_ / "precious", place_ / "new/run");
    place_.write("new/loaded", "a file");
    const auto before = place_.contents();
    EXPECT_THROW(claim.remove("run"), RunError);
    EXPECT_THROW(claim.remove("loaded"), RunError);
    EXPECT_EQ(place_.contents(), before);
}

TEST_F(FolderClaimTest, GivingUpLeavesWhatOthersPutThere) {
    FolderClaim ours(place_ / "ours");
    ours.give_up();
    EXPECT_FALSE(fs::exists(place_ / "ours"));
    FolderClaim shared(place_ / "shared");
    place_.write("shared/notes.txt", "data");
    shared.give_up();
    EXPECT_TRUE(fs::exists(place_ / "shared/notes.txt"));
    EXPECT_FALSE(fs::exists(place_ / "shared/stalemark.json"));
}

}  // namespace
}  // namespace stalemark
