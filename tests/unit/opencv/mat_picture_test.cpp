#include "opencv/mat_picture.hpp"

#include <doctest/doctest.h>

#include <variant>

#include "camera/driver.hpp"

using onlooker::drivers::picture_in;
using onlooker::media::JpegImage;
using onlooker::media::PixelFormat;
using onlooker::media::RawImage;

TEST_SUITE("pictures of OpenCV") {
    TEST_CASE("are lent, not copied, with the stride of their rows") {
        const cv::Mat whole(48, 64, CV_8UC3, cv::Scalar(1, 2, 3));
        const cv::Mat part = whole(cv::Rect(8, 4, 32, 16));
        const auto picture = picture_in(part);
        const auto& image = std::get<RawImage>(picture);
        CHECK(image.format == PixelFormat::bgr24);
        CHECK(image.width == 32);
        CHECK(image.height == 16);
        CHECK(image.planes[0].stride == 64 * 3);
        CHECK(image.planes[0].data.size() == 15 * 64 * 3 + 32 * 3);
        CHECK(static_cast<const void*>(image.planes[0].data.data()) == part.data);
    }

    TEST_CASE("keep their format") {
        CHECK(std::get<RawImage>(picture_in(cv::Mat::zeros(2, 2, CV_8UC1))).format ==
              PixelFormat::grey);
        CHECK(std::get<RawImage>(picture_in(cv::Mat::zeros(2, 2, CV_8UC2))).format ==
              PixelFormat::yuyv);
        CHECK(std::get<RawImage>(picture_in(cv::Mat::zeros(2, 2, CV_8UC4))).format ==
              PixelFormat::bgrx32);
    }

    TEST_CASE("in one row are a JPEG, a broken one too, and never a grey line") {
        cv::Mat row = (cv::Mat_<unsigned char>(1, 4) << 0xff, 0xd8, 0xff, 0xd9);
        CHECK(std::get<JpegImage>(picture_in(row)).data.size() == 4);
        row.at<unsigned char>(0) = 0;
        CHECK(std::get<JpegImage>(picture_in(row)).data.size() == 4);
    }

    TEST_CASE("that are empty or no octets are an error") {
        CHECK_THROWS_AS(picture_in(cv::Mat()), onlooker::camera::CameraError);
        CHECK_THROWS_AS(picture_in(cv::Mat::zeros(2, 2, CV_16UC1)), onlooker::camera::CameraError);
    }
}
