//! The page to paste an article into, and the same view that `--format html` writes.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use intisari::output::{Form, Page};
use intisari::{Article, Document};

use super::articles::checked;
use super::body::{self, Form as BodyForm};
use super::reply::Failure;
use super::worker::{Recipe, Task};
use super::Service;

/// The empty form.
pub async fn empty() -> Html<String> {
    let page = Page::with_form(Form::default());
    Html(page.start() + &page.end())
}

/// The form as it was sent, and the article below it.
pub async fn digest(State(service): State<Arc<Service>>, request: Request) -> Response {
    let mut form = Form::default();
    match service.page(&mut form, request).await {
        Ok(document) => {
            let mut page = Page::with_form(form);
            let start = page.start();
            let article = page.article(&document);
            Html(start + &article + &page.end()).into_response()
        }
        Err(failure) => {
            form.error = Some(failure.message().to_owned());
            let page = Page::with_form(form);
            let mut response = (failure.status(), Html(page.start() + &page.end())).into_response();
            // The page says it all; what is a header stays one.
            let refused = failure.into_response();
            for name in ["retry-after", "www-authenticate"] {
                if let Some(value) = refused.headers().get(name) {
                    response.headers_mut().insert(name, value.clone());
                }
            }
            response
        }
    }
}

impl Service {
    async fn page(&self, form: &mut Form, request: Request) -> Result<Document, Failure> {
        if body::form(request.headers())? != BodyForm::Fields {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "this is the page's own form; programs send to /v1/digest",
            ));
        }
        let _pass = self.admit(request.extensions())?;
        self.in_time(async {
            let bytes = body::whole(request.into_body(), self.settings.max_body_bytes).await?;
            for (name, value) in form_urlencoded::parse(&bytes) {
                match name.as_ref() {
                    "text" => form.text = value.replace("\r\n", "\n"),
                    "title" => form.title = value.into_owned(),
                    "date" => form.date = value.into_owned(),
                    _ => {}
                }
            }
            if form.text.trim().is_empty() {
                return Err(Failure::field("text", "there is no text yet: paste an article"));
            }
            checked(&form.text, self.settings.max_text_bytes)?;
            let mut article = Article::new("article", form.text.clone());
            if !form.title.trim().is_empty() {
                article.title = Some(form.title.clone());
            }
            if !form.date.is_empty() {
                let date = form
                    .date
                    .parse()
                    .map_err(|_| Failure::field("date", "the date is none; write YYYY-MM-DD"))?;
                article.date = Some(date);
            }
            Ok(self.outcome(Recipe::of(Task::Digest), None, article).await?)
        })
        .await
    }
}
