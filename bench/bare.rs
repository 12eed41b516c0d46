//! A bare actix-web JSON handler: the yardstick for what our own handlers cost (`bench/http.sh`).
//!
//! Arguments: address, worker threads, and a file whose JSON value is serialised anew for every request.

use std::io;

use actix_web::{App, HttpResponse, HttpServer, Responder, web};

async fn answer(value: web::Data<serde_json::Value>) -> impl Responder {
    HttpResponse::Ok().json(value.get_ref())
}

fn usage() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "usage: bare ADDRESS WORKERS JSON-FILE")
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(workers), Some(file)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err(usage());
    };
    let workers: usize = workers.parse().map_err(|_| usage())?;
    let value: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
    let value = web::Data::new(value);
    HttpServer::new(move || App::new().app_data(value.clone()).default_service(web::to(answer)))
        .workers(workers)
        .bind(address)?
        .run()
        .await
}
