//! `/openapi.json`, generated from the types and routes.

use axum::http::StatusCode;
use axum::response::Response;
use intisari::document::{Document, Unit};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{plain, reply};

/// A document as it leaves: what was found, and what its offsets count.
#[derive(utoipa::ToSchema, Serialize)]
pub struct Written {
    #[serde(flatten)]
    document: Document,
    /// What all offsets count.
    offset_unit: Unit,
}

/// An article that failed.
#[derive(utoipa::ToSchema, Serialize)]
pub struct Failed {
    /// Id of the article.
    id: String,
    /// Why.
    error: String,
}

/// What became of an article of a list.
#[derive(utoipa::ToSchema, Serialize)]
#[serde(untagged)]
#[allow(dead_code, clippy::large_enum_variant)] // only for its schema
pub enum Record {
    Done(Written),
    Failed(Failed),
}

/// A document, or a list where a list was sent.
#[derive(utoipa::ToSchema, Serialize)]
#[serde(untagged)]
#[allow(dead_code, clippy::large_enum_variant)] // only for its schema
pub enum OneOrMany {
    One(Written),
    Many(Vec<Record>),
}

#[derive(OpenApi)]
#[openapi(
    info(title = "intisari", description = "Digests of Indonesian news articles."),
    paths(super::v1::run, super::libre::translate, super::libre::languages, super::health, super::metrics::show),
    modifiers(&Token)
)]
struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        openapi.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The description of the service.
pub fn document() -> Value {
    let mut description = serde_json::to_value(Description::openapi()).unwrap_or_default();
    plain::descriptions(&mut description);
    description
}

pub async fn show() -> Response {
    reply::json(StatusCode::OK, &document())
}
