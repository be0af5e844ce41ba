// SPDX-License-Identifier: Apache-2.0
// Where results go: whole or not at all, and nothing beside them.

#include "report/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "core/errors.h"
#include "stores/disk_limit.h"
#include "stores/temporary_place.h"

namespace stalemark {
namespace {

namespace fs = std::filesystem;

using Contents = std::map<std::string, std::string>;

class OutputTest : public testing::Test {
protected:
    std::string path(std::string_view name) const { return place / name; }
    Contents only(std::string_view name, std::string_view text) const {
        return {{path(name), std::string(text)}};
    }

    TemporaryPlace place;

    // As results begin, and longer than what the tests write.
    const std::string old = "{\n  \"schema\": 1,\n  \"complete\": true\n}\n";
};

TEST_F(OutputTest, AFileHoldsTheTextAndANewLineAndNothingIsLeftBeside) {
    Output(path("result.json")).write("{}");
    EXPECT_EQ(place.contents(), only("result.json", "{}\n"));
}

TEST_F(OutputTest, NothingIsThereBeforeItIsWritten) {
    const Output output(path("result.json"));
    EXPECT_EQ(place.contents(), Contents());
}

TEST_F(OutputTest, WhatWasThereBeforeIsReplaced) {
    place.write("result.json", old);
    Output(path("result.json")).write("new");
    EXPECT_EQ(place.contents(), only("result.json", "new\n"));
}

TEST_F(OutputTest, TheFileMayBeReadByAll) {
    Output(path("result.json")).write("{}");
    struct stat file{};
    ASSERT_EQ(::stat(path("result.json").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0644U);
}

TEST_F(OutputTest, OnAFullDiskWhatWasThereBeforeStaysAndNothingElseDoes) {
    place.write("result.json", old);
    const Output output(path("result.json"));
    const std::string large(100'000, 'x');
    {
        const DiskLimit limit(10'000);
        EXPECT_THROW(output.write(large), InputError);
    }
    EXPECT_EQ(place.contents(), only("result.json", old));
    output.write("new");
    EXPECT_EQ(place.contents(), only("result.json", "new\n"));
}

TEST_F(OutputTest, AFolderThatVanishedMeanwhileIsTroubleToo) {
    fs::create_directory(path("folder"));
    const Output output(path("folder/result.json"));
    fs::remove(path("folder"));
    EXPECT_THROW(output.write("{}"), InputError);
}

TEST_F(OutputTest, ALinkIsFollowedAndStaysALink) {
    place.write("far/target.json", old);
    fs::create_symlink(path("far/target.json"), path("link.json"));
    Output(path("link.json")).write("new");
    EXPECT_EQ(place.contents(),
              (Contents{{path("far"), ""},
                        {path("far/target.json"), "new\n"},
                        {path("link.json"), "-> " + path("far/target.json")}}));
}

TEST_F(OutputTest, APathWithoutAFolderLiesInTheCurrentOne) {
    const fs::path before = fs::current_path();
    fs::current_path(place.path());
    Output("result.json").write("{}");
    fs::current_path(before);
    EXPECT_EQ(place.contents(), only("result.json", "{}\n"));
}

TEST_F(OutputTest, WhatCannotBeAFileIsRefusedAtOnce) {
    place.write("file", "text");
    fs::create_symlink(path("loop"), path("loop"));
    const auto before = place.contents();
    for (const std::string& wrong :
         {std::string(), place.path().string(), path("missing/result.json"),
          path("file/result.json"), path("loop"), path(std::string(300, 'x'))}) {
        EXPECT_THROW(const Output refused(wrong), InputError) << wrong;
    }
    EXPECT_EQ(place.contents(), before);
}

TEST_F(OutputTest, WhatIsNoResultIsNotOverwritten) {
    place.write("notes.txt", "dear diary");
    place.write("other.json", "{\n  \"scheme\": 1\n}\n");
    place.write("far/notes.txt", "dear diary");
    fs::create_symlink(path("far/notes.txt"), path("link"));
    fs::create_symlink(path("far/nothing"), path("dangling"));
    const auto before = place.contents();
    for (const auto name : {"notes.txt", "other.json", "link", "dangling"}) {
        EXPECT_THROW(const Output refused(path(name)), InputError) << name;
    }
    EXPECT_EQ(place.contents(), before);
}

TEST_F(OutputTest, AnEmptyFileMayBeFilled) {
    place.write("result.json", "");
    Output(path("result.json")).write("{}");
    EXPECT_EQ(place.contents(), only("result.json", "{}\n"));
}

TEST_F(OutputTest, ItsComplaintsNameThePathInOneLine) {
    const auto complaint = [](const std::string& about) -> std::string {
        try {
            const Output refused(about);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_EQ(complaint(place.path()),
              "--out " + place.path().string() + ": is a folder; expected a file name");
    EXPECT_NE(complaint(path("missing/x")).find(path("missing/x")), std::string::npos);
    EXPECT_EQ(complaint(path("missing/x")).find('\n'), std::string::npos);
}

TEST_F(OutputTest, ADeviceIsWrittenAsItIs) {
    const Output nowhere("/dev/null");
    EXPECT_FALSE(nowhere.is_plain_file());
    nowhere.write("{}");
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(OutputTest, AFullDeviceIsTrouble) {
    EXPECT_THROW(Output("/dev/full").write("{}"), InputError);
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(OutputTest, APipeIsWrittenAsItIs) {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    const int reader = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
    const Output pipe(path("pipe"));
    EXPECT_FALSE(pipe.is_plain_file());
    pipe.write("{}");
    char read[10] = {};
    EXPECT_EQ(::read(reader, read, sizeof read), 3);
    EXPECT_STREQ(read, "{}\n");
    ::close(reader);
}

TEST_F(OutputTest, ADashIsStandardOutput) {
    const Output output("-");
    EXPECT_FALSE(output.is_plain_file());
    testing::internal::CaptureStdout();
    output.write("{}");
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "{}\n");
}

TEST_F(OutputTest, APlainFileIsOneWhetherItIsThereOrNot) {
    place.write("there.json", "");
    EXPECT_TRUE(Output(path("there.json")).is_plain_file());
    EXPECT_TRUE(Output(path("new.json")).is_plain_file());
}

}  // namespace
}  // namespace stalemark
